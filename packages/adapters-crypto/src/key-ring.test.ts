import { memoryPorts } from '@sallyport/adapters-memory';
import type { UnitOfWork } from '@sallyport/core';
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

  it('tells the audit of each key that is made, once, and of no other attempt', async () => {
    const { audit, clock, keys, open } = setUp();
    const nodes = [open(), open(), open()];
    await Promise.all(nodes.map((node) => node.active()));
    await Promise.all(nodes.map((node) => node.rotate()));
    const made = (await keys.list()).map(({ kid }) => ({
      id: expect.any(Number) as number,
      type: 'signing_key.created',
      at: clock.now(),
      detail: { kid },
    }));
    const entries = await audit.list({}, { skip: 0, limit: 10 });
    expect(entries.toReversed()).toEqual(made);
  });

  it('tells the audit of nothing that was not kept, and keeps no key that the audit does not hear of', async () => {
    const { audit, keys, unitOfWork, open } = setUp();
    const deaf: UnitOfWork = {
      run: (work) =>
        unitOfWork.run((transaction) =>
          work({ ...transaction, audit: { ...transaction.audit, append: () => Promise.reject(new Error('full')) } }),
        ),
    };
    await expect(open({ unitOfWork: deaf }).active()).rejects.toThrow('full');
    expect([await keys.list(), await audit.list({}, { skip: 0, limit: 10 })]).toEqual([[], []]);
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

  it('signs with a key that another node has made, once its time has come', async () => {
    const { clock, open } = setUp();
    const [here, there] = [open(), open()];
    await here.active();
    await there.rotate();
    clock.advance(15 * 60);
    const { kid } = await there.active();
    expect((await here.active()).kid).toBe(kid);
  });

  it('believes a key until so long after its own successor began to sign, whoever signs by then', async () => {
    const { clock, open } = setUp();
    const ring = open();
    for (let turns = 0; turns < 2; turns += 1) {
      await ring.rotate();
      clock.advance(15 * 60);
    }
    expect(await statesOf(ring)).toEqual(['retiring', 'retiring', 'active']);
    clock.advance(15 * 60 - 1);
    expect(await statesOf(ring)).toEqual(['retiring', 'retiring', 'active']);
    clock.advance(1);
    expect(await statesOf(ring)).toEqual(['retiring', 'active']);
  });

  it('goes on with the keys that it knows while the store cannot be read, and looks again later', async () => {
    const { clock, keys, open } = setUp();
    let fails = false;
    const failing = { list: () => (fails ? Promise.reject(new Error('no store')) : keys.list()) };
    const [here, there] = [open({ keys: failing }), open()];
    const { kid } = await here.active();
    await there.rotate();
    fails = true;
    clock.advance(60);
    expect((await here.active()).kid).toBe(kid);
    expect(await here.find(kid)).toBeDefined();
    await expect(here.find('of another node, perhaps')).rejects.toThrow('no store');
    fails = false;
    clock.advance(60);
    expect(await statesOf(here)).toEqual(['active', 'next']);
    expect(await here.find('forged')).toBeUndefined();
  });

  it('has no keys where the store could never be read, and asks it again at once', async () => {
    const { keys, open } = setUp();
    let fails = true;
    const ring = open({ keys: { list: () => (fails ? Promise.reject(new Error('no store')) : keys.list()) } });
    await expect(ring.active()).rejects.toThrow('no store');
    await expect(ring.find('any')).rejects.toThrow('no store');
    fails = false;
    expect(await ring.active()).toBeDefined();
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

describe('KeyRing, while the secret changes,', () => {
  const [old, next] = [{ secretKey }, { secretKey: 'another secret key, long enough too' }];
  const [readsNext, readsOld] = [
    { ...old, previousSecretKey: next.secretKey },
    { ...next, previousSecretKey: old.secretKey },
  ];
  const unreadable = {
    code: 'unavailable',
    cause: expect.objectContaining({ message: expect.stringMatching(/^A signing key cannot be read: SECRET_KEY/) }),
  };

  it('reads what the secret before sealed, and leaves it sealed as it was', async () => {
    const { keys, open } = setUp();
    const { kid } = await open(old).active();
    const before = await keys.list();
    expect((await open(readsOld).active()).kid).toBe(kid);
    expect(await keys.list()).toEqual(before);
  });

  it('seals anew when it is maintained what signs or is about to, and nothing that the secret sealed already', async () => {
    const { keys, open } = setUp();
    const ring = open(readsOld);
    const { kid } = await open(old).active();
    await open(old).rotate();
    await ring.maintain();
    const sealed = await keys.list();
    const alone = open(next);
    expect((await alone.active()).kid).toBe(kid);
    await alone.maintain();
    await ring.maintain();
    expect(await keys.list()).toEqual(sealed);
  });

  it('signs and believes on every node, in every phase', async () => {
    const { clock, open } = setUp();
    const phases = [
      [old, readsNext],
      [readsNext, readsOld],
      [readsOld, next],
    ];
    const { kid } = await open(old).active();
    for (const phase of phases) {
      const nodes = phase.map((secrets) => open(secrets));
      for (const node of nodes.toReversed()) await node.maintain();
      clock.advance(60);
      for (const node of nodes) {
        await node.maintain();
        expect((await node.active()).kid).toBe(kid);
        expect(await node.find(kid)).toBeDefined();
      }
      // All of the old nodes have gone; the new ones have a minute to themselves.
      await nodes.at(-1)?.maintain();
    }
  });

  it('checks tokens, shows keys and goes on signing on a node that was left behind', async () => {
    const { clock, open } = setUp();
    const [behind, started] = [open(old), open(old)];
    const { kid } = await behind.active();
    await open(readsOld).maintain();
    clock.advance(60);
    expect((await behind.active()).kid).toBe(kid);
    for (const node of [behind, started]) {
      expect(await node.find(kid)).toMatchObject({ kid });
      expect(await statesOf(node)).toEqual(['active']);
    }
  });

  it('is unavailable for what takes a private half that it cannot open, and makes no key that others cannot', async () => {
    const { clock, keys, open } = setUp();
    await open(old).active();
    clock.advance(90 * day);
    const stranger = open(next);
    for (const use of [() => stranger.active(), () => stranger.rotate(), () => stranger.maintain()]) {
      await expect(use()).rejects.toMatchObject(unreadable);
    }
    expect(await keys.list()).toHaveLength(1);
  });

  it('says so where it can sign today and not tomorrow', async () => {
    const { clock, open } = setUp();
    const ring = open(old);
    await ring.active();
    await open(readsOld).maintain();
    clock.advance(60);
    await expect(ring.maintain()).rejects.toMatchObject(unreadable);
  });
});
