import { describe, expect, it } from 'vitest';
import { FakeLocks, FakeStore } from '../test/fake-browser.ts';
import { browserStorage, type Locks, memoryStorage, type Tokens } from './token-storage.ts';

const tokens: Tokens = { baseUrl: 'https://a', accessToken: 'a', refreshToken: 'r', refreshAt: 1, expiresAt: 2 };

describe('a storage', () => {
  it.each([
    ['in memory', () => memoryStorage()],
    ['of a browser', () => browserStorage({ store: new FakeStore() })],
    ['of a browser that denies it', () => browserStorage({ store: new FakeStore({ denies: true }) })],
  ])('%s keeps tokens until they are removed', async (_, create) => {
    const storage = create();
    expect(await storage.read()).toBeUndefined();
    await storage.write(tokens);
    expect(await storage.read()).toEqual(tokens);
    await storage.write(undefined);
    expect(await storage.read()).toBeUndefined();
  });
});

describe('the storage of a browser', () => {
  it('is shared by its tabs, under the key', async () => {
    const store = new FakeStore();
    await browserStorage({ store, key: 'mine' }).write(tokens);
    expect(await browserStorage({ store, key: 'mine' }).read()).toEqual(tokens);
    expect(await browserStorage({ store }).read()).toBeUndefined();
  });

  it.each(['', '{', 'null', '[]', '{"accessToken":1}', '{"accessToken":"a","refreshToken":"b"}'])(
    'takes %j for no tokens',
    async (text) => {
      const store = new FakeStore();
      store.setItem('sallyport', text);
      expect(await browserStorage({ store }).read()).toBeUndefined();
    },
  );

  it('lets one tab at a time act', async () => {
    const locks = new FakeLocks();
    const [one, other] = [new FakeStore(), new FakeStore()].map((store) => browserStorage({ store, locks }));
    const steps: string[] = [];
    const act = (name: string) => async () => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([one!.exclusively!(act('one')), other!.exclusively!(act('other'))])).toEqual([
      'one',
      'other',
    ]);
    expect(steps).toEqual(['one begins', 'one ends', 'other begins', 'other ends']);
  });

  it('acts without the lock if it is not to be had, and fails once if the act fails', async () => {
    const denied = browserStorage({
      store: new FakeStore(),
      locks: { request: () => Promise.reject(new Error('denied')) },
    });
    expect(await denied.exclusively!(async () => 'done')).toBe('done');
    let acts = 0;
    const failing = browserStorage({ store: new FakeStore(), locks: new FakeLocks() }).exclusively!(async () => {
      acts += 1;
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(acts).toBe(1);
  });

  it('acts once if the lock is lost after it was held', async () => {
    const locks: Locks = { request: (_name, _options, hold) => hold().then(() => Promise.reject(new Error('stolen'))) };
    let acts = 0;
    const storage = browserStorage({ store: new FakeStore(), locks });
    await storage.exclusively!(async () => (acts += 1));
    await storage.exclusively!(async () => (acts += 1));
    await new Promise((wake) => setTimeout(wake, 150));
    expect(acts).toBe(2);
  });

  it('acts at once where the browser has no locks', async () => {
    expect(await browserStorage({ store: new FakeStore(), locks: undefined }).exclusively!(async () => 1)).toBe(1);
  });
});
