import { memoryPorts } from '@sallyport/adapters-memory';
import { describe, expect, it } from 'vitest';
import { KeyRing, type KeyRingOptions } from './key-ring.ts';

const day = 86_400;
const secretKey = 'a secret key for tests, long enough';
const options = { secretKey, rotationInterval: 90 * day, overlap: 1800 };

function setUp() {
  const ports = memoryPorts();
  const open = (more: Partial<KeyRingOptions> = {}) => new KeyRing({ ...options, ...ports, ...more });
  return { ...ports, open };
}

const statesOf = async (ring: KeyRing) => (await ring.publicKeys()).map(({ state }) => state);

describe('KeyRing', () => {
  it('makes one key, however many nodes start at once', async () => {
    const { keys, open } = setUp();
    const nodes = Array.from({ length: 20 }, () => open());
    const active = await Promise.all(nodes.map((node) => node.active()));
    expect(new Set(active.map(({ kid }) => kid)).size).toBe(1);
    expect(await keys.list()).toHaveLength(1);
  });

  it('keeps the private half sealed and shows the public half alone', async () => {
    const { keys, open } = setUp();
    const [shown] = await open().publicKeys();
    expect(Object.keys(shown?.jwk ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const [stored] = await keys.list();
    expect(stored?.sealedPrivateKey).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(stored?.publicJwk).not.toContain('"d"');
  });

  it('shows a key before it signs, and believes it for a while after', async () => {
    const { clock, open } = setUp();
    const ring = open();
    const first = await ring.active();
    await ring.rotate();
    expect(await statesOf(ring)).toEqual(['active', 'next']);
    expect((await ring.active()).kid).toBe(first.kid);

    clock.advance(15 * 60);
    expect(await statesOf(ring)).toEqual(['retiring', 'active']);
    expect((await ring.active()).kid).not.toBe(first.kid);
    expect(await ring.find(first.kid)).toBeDefined();

    clock.advance(1800);
    expect(await statesOf(ring)).toEqual(['active']);
    expect(await ring.find(first.kid)).toBeUndefined();
  });

  it('turns on schedule, once, however many nodes do it, and forgets retired keys', async () => {
    const { clock, keys, open } = setUp();
    const nodes = [open(), open(), open()];
    const maintain = () => Promise.all(nodes.map((node) => node.maintain()));
    await maintain();
    clock.advance(89 * day);
    await maintain();
    expect(await keys.list()).toHaveLength(1);
    clock.advance(day - 15 * 60);
    await maintain();
    await maintain();
    expect(await keys.list()).toHaveLength(2);
    clock.advance(day);
    await maintain();
    expect(await keys.list()).toHaveLength(1);
  });

  it('does not turn twice when told twice', async () => {
    const { keys, open } = setUp();
    const ring = open();
    await ring.rotate();
    await ring.rotate();
    expect(await keys.list()).toHaveLength(2);
  });

  it('finds a key that another node has made a moment ago', async () => {
    const { clock, open } = setUp();
    const [here, there] = [open(), open()];
    await here.active();
    await there.rotate();
    const next = (await there.publicKeys()).at(-1);
    clock.advance(5);
    expect(await here.find(next?.kid ?? '')).toBeDefined();
  });

  it('asks the store once for many ids that nobody knows', async () => {
    const { keys, open } = setUp();
    let lists = 0;
    const counting = {
      list() {
        lists += 1;
        return keys.list();
      },
    };
    const ring = open({ keys: counting });
    await ring.active();
    lists = 0;
    for (let n = 0; n < 100; n += 1) await ring.find(`forged ${n}`);
    expect(lists).toBe(0);
  });

  it('reads keys that were sealed under the secret before, and seals them anew', async () => {
    const { open } = setUp();
    const { kid } = await open().active();
    const next = 'another secret key, long enough too';
    expect((await open({ secretKey: next, previousSecretKey: secretKey }).active()).kid).toBe(kid);
    expect((await open({ secretKey: next }).active()).kid).toBe(kid);
    await expect(open().active()).rejects.toThrow(/^A signing key cannot be read: SECRET_KEY/);
  });

  it('signs with the first key even where the clock is behind the node that made it', async () => {
    const { clock, open } = setUp();
    const { kid } = await open().active();
    clock.advance(-30);
    expect((await open().active()).kid).toBe(kid);
  });

  it('refuses a secret that is too short', () => {
    const { open } = setUp();
    expect(() => open({ secretKey: 'x'.repeat(31) })).toThrow(RangeError);
  });
});
