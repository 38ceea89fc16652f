import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { fakeKeyMaterial, sealedOtherwise } from '../../test/fake-key-material.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { KeyRing, type KeyRingOptions } from './key-ring.ts';

const day = 86_400;
const schedule = { rotationInterval: 90 * day, overlap: 1800 };

type Secrets = Parameters<typeof fakeKeyMaterial>;

function setUp() {
  const ports = memoryPorts();
  /** A node: it shares the store and the clock with the others. */
  const open = (options: Partial<KeyRingOptions<string>> = {}) =>
    new KeyRing({ material: fakeKeyMaterial(), ...schedule, ...ports, ...options });
  const openWith = (...secrets: Secrets) => open({ material: fakeKeyMaterial(...secrets) });
  return { ...ports, open, openWith };
}

/** A store of keys that counts how often it is read, and that fails when it is told to. */
function watched({ keys }: ReturnType<typeof setUp>) {
  const store = {
    reads: 0,
    fails: false,
    async list() {
      store.reads += 1;
      if (store.fails) throw new Error('no store');
      return keys.list();
    },
  };
  return store;
}

const statesOf = async (ring: KeyRing<string>) => (await ring.publicKeys()).map(({ state }) => state);

describe('KeyRing', () => {
  it('creates one key, however many nodes start at once', async () => {
    const { keys, open } = setUp();
    const nodes = Array.from({ length: 20 }, () => open());
    const active = await Promise.all(nodes.map((node) => node.active()));
    expect(new Set(active.map(({ kid }) => kid)).size).toBe(1);
    expect(await keys.list()).toHaveLength(1);
  });

  it('creates the first key for a caller that asks for public keys', async () => {
    const { keys, open } = setUp();
    expect(await statesOf(open())).toEqual(['active']);
    expect(await keys.list()).toHaveLength(1);
  });

  it('stores the key pair as it was generated, and opens its private key', async () => {
    const { clock, keys, open } = setUp();
    const material = fakeKeyMaterial();
    const pair = await material.generate();
    const { kid, privateKey } = await open({ material: { ...material, generate: async () => pair } }).active();
    const now = clock.now();
    expect(await keys.list()).toEqual([{ ...pair, predecessor: '', createdAt: now, activeFrom: now }]);
    expect([kid, privateKey]).toEqual([pair.kid, pair.kid]);
  });

  it('publishes the public key with its kid, its use and its algorithm, and nothing else', async () => {
    const { clock, open } = setUp();
    const ring = open();
    const { kid } = await ring.active();
    const jwk = { kty: 'fake', x: kid, kid, use: 'sig', alg: 'fake' };
    expect(await ring.publicKeys()).toStrictEqual([{ kid, state: 'active', activeFrom: clock.now(), jwk }]);
    expect(await ring.find(kid)).toStrictEqual({ kid, jwk });
  });

  it('returns copies of public keys, so that no caller can spoil them for another', async () => {
    const ring = setUp().open();
    const [key] = await ring.publicKeys();
    (key!.jwk as Record<string, string>)['x'] = 'spoilt';
    expect(await ring.publicKeys()).toHaveProperty('0.jwk.x', key!.kid);
  });

  it('publishes a key before it signs, and accepts it for a while after', async () => {
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

  it('rotates on schedule, once, however many nodes do it, and deletes retired keys', async () => {
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

  it('keeps a retiring key until its last token has expired', async () => {
    const { clock, keys, open } = setUp();
    const ring = open();
    await ring.rotate();
    clock.advance(15 * 60 + 1799);
    await ring.maintain();
    expect(await keys.list()).toHaveLength(2);
    clock.advance(1);
    await ring.maintain();
    expect(await keys.list()).toHaveLength(1);
  });

  it('audits each key that is created, once, and no other attempt', async () => {
    const { audit, clock, keys, open } = setUp();
    const nodes = [open(), open(), open()];
    await Promise.all(nodes.map((node) => node.active()));
    await Promise.all(nodes.map((node) => node.rotate()));
    const created = (await keys.list()).map(({ kid }) => ({
      id: expect.any(Number) as number,
      type: 'signing_key.created',
      at: clock.now(),
      detail: { kid },
    }));
    expect(created).toHaveLength(2);
    const entries = await audit.list({}, { skip: 0, limit: 10 });
    expect(entries.toReversed()).toEqual(created);
  });

  it('audits no key that was not kept, and keeps no key that was not audited', async () => {
    const { audit, keys, unitOfWork, open } = setUp();
    const full: UnitOfWork = {
      run: (work) =>
        unitOfWork.run((transaction) =>
          work({ ...transaction, audit: { ...transaction.audit, append: () => Promise.reject(new Error('full')) } }),
        ),
    };
    await expect(open({ unitOfWork: full }).active()).rejects.toThrow('full');
    expect([await keys.list(), await audit.list({}, { skip: 0, limit: 10 })]).toEqual([[], []]);
  });

  it('rotates once when it is told to twice', async () => {
    const { keys, open } = setUp();
    const ring = open();
    await ring.rotate();
    await ring.rotate();
    expect(await keys.list()).toHaveLength(2);
  });

  it('does not rotate on schedule while a rotation by command is on its way', async () => {
    const { clock, keys, open } = setUp();
    const ring = open();
    await ring.active();
    clock.advance(90 * day - 20 * 60);
    await ring.rotate();
    clock.advance(10 * 60);
    await ring.maintain();
    expect(await keys.list()).toHaveLength(2);
  });

  it('finds a key that another node created a moment ago', async () => {
    const { clock, open } = setUp();
    const [here, there] = [open(), open()];
    await here.active();
    await there.rotate();
    const next = (await there.publicKeys()).at(-1);
    clock.advance(5);
    expect(await here.find(next?.kid ?? '')).toBeDefined();
  });

  it('reads the store once in five seconds at most, however many unknown kids it is asked for', async () => {
    const world = setUp();
    const keys = watched(world);
    const ring = world.open({ keys });
    await ring.active();
    const findUnknown = () => Promise.all(Array.from({ length: 100 }, (_, n) => ring.find(`forged ${n}`)));
    keys.reads = 0;
    await findUnknown();
    world.clock.advance(4.999);
    await findUnknown();
    expect(keys.reads).toBe(0);
    world.clock.advance(0.001);
    await findUnknown();
    expect(keys.reads).toBe(1);
  });

  it('reads the store once a minute for keys that it knows', async () => {
    const world = setUp();
    const keys = watched(world);
    const ring = world.open({ keys });
    const { kid } = await ring.active();
    keys.reads = 0;
    const use = () => Promise.all([ring.active(), ring.find(kid), ring.publicKeys()]);
    world.clock.advance(59.999);
    await use();
    expect(keys.reads).toBe(0);
    world.clock.advance(0.001);
    await use();
    expect(keys.reads).toBe(1);
  });

  it('reads the store again once the clock was set back', async () => {
    const world = setUp();
    const keys = watched(world);
    const ring = world.open({ keys });
    await ring.active();
    keys.reads = 0;
    world.clock.advance(-3600);
    await ring.active();
    expect(keys.reads).toBe(1);
  });

  it('signs with a key that another node created, once its time has come', async () => {
    const { clock, open } = setUp();
    const [here, there] = [open(), open()];
    await here.active();
    await there.rotate();
    clock.advance(15 * 60);
    const { kid } = await there.active();
    expect((await here.active()).kid).toBe(kid);
  });

  it('accepts a key for the overlap after its own successor began to sign, even if a third key signs by then', async () => {
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

  it('keeps using the keys that it knows while the store cannot be read, and reads it again later', async () => {
    const world = setUp();
    const keys = watched(world);
    const [here, there] = [world.open({ keys }), world.open()];
    const { kid } = await here.active();
    await there.rotate();
    keys.fails = true;
    world.clock.advance(60);
    expect((await here.active()).kid).toBe(kid);
    expect(await here.find(kid)).toBeDefined();
    expect(await statesOf(here)).toEqual(['active']);
    await expect(here.find('of another node, perhaps')).rejects.toThrow('no store');
    keys.fails = false;
    world.clock.advance(60);
    expect(await statesOf(here)).toEqual(['active', 'next']);
    expect(await here.find('forged')).toBeUndefined();
  });

  it('reads the store again five seconds after a read that failed, and no sooner', async () => {
    const world = setUp();
    const keys = watched(world);
    const [here, there] = [world.open({ keys }), world.open()];
    const { kid } = await here.active();
    keys.fails = true;
    world.clock.advance(60);
    await here.active();
    await there.revoke();
    keys.fails = false;
    keys.reads = 0;
    world.clock.advance(4.999);
    expect(await here.find(kid)).toBeDefined();
    expect(keys.reads).toBe(0);
    world.clock.advance(0.001);
    expect(await here.find(kid)).toBeUndefined();
    expect(keys.reads).toBe(1);
  });

  it('reads a store that keeps failing once in five seconds at most', async () => {
    const world = setUp();
    const keys = watched(world);
    const ring = world.open({ keys });
    const { kid } = await ring.active();
    keys.fails = true;
    world.clock.advance(60);
    keys.reads = 0;
    for (let second = 0; second < 10; second += 1) {
      await Promise.all(Array.from({ length: 20 }, () => ring.find(kid)));
      await ring.find('forged').catch(() => {});
      world.clock.advance(1);
    }
    expect(keys.reads).toBe(2);
  });

  it('has no keys if the store could never be read, and reads it again at once', async () => {
    const world = setUp();
    const keys = watched(world);
    const ring = world.open({ keys });
    keys.fails = true;
    await expect(ring.active()).rejects.toThrow('no store');
    await expect(ring.find('any')).rejects.toThrow('no store');
    keys.fails = false;
    expect(await ring.active()).toBeDefined();
  });

  it('signs with the first key even if the clock is behind the node that created it', async () => {
    const { clock, open } = setUp();
    const { kid } = await open().active();
    clock.advance(-30);
    expect((await open().active()).kid).toBe(kid);
  });

  it('opens the active key once', async () => {
    const { clock, open } = setUp();
    const material = fakeKeyMaterial();
    let opened = 0;
    const ring = open({
      material: {
        ...material,
        open(sealed) {
          opened += 1;
          return material.open(sealed);
        },
      },
    });
    await ring.active();
    clock.advance(60);
    await ring.active();
    expect(opened).toBe(1);
    await ring.rotate();
    clock.advance(15 * 60);
    await ring.active();
    expect(opened).toBe(2);
  });
});

describe('KeyRing, while the secret changes,', () => {
  const [old, next]: Secrets[] = [['old'], ['new']];
  const [readsNext, readsOld]: Secrets[] = [
    ['old', 'new'],
    ['new', 'old'],
  ];
  const unreadable = { code: 'unavailable', cause: sealedOtherwise };

  it('opens what the previous secret sealed, and leaves it sealed as it was', async () => {
    const { keys, openWith } = setUp();
    const { kid } = await openWith(...old!).active();
    const before = await keys.list();
    expect((await openWith(...readsOld!).active()).kid).toBe(kid);
    expect(await keys.list()).toEqual(before);
  });

  it('reseals the active and the next key in maintenance, and nothing that the current secret sealed already', async () => {
    const { keys, openWith } = setUp();
    const ring = openWith(...readsOld!);
    const { kid } = await openWith(...old!).active();
    await openWith(...old!).rotate();
    await ring.maintain();
    const sealed = await keys.list();
    const alone = openWith(...next!);
    expect((await alone.active()).kid).toBe(kid);
    await alone.maintain();
    await ring.maintain();
    expect(await keys.list()).toEqual(sealed);
  });

  it('neither opens nor reseals a retiring key', async () => {
    const { clock, keys, openWith } = setUp();
    await openWith(...old!).active();
    await openWith(...old!).rotate();
    await openWith(...readsOld!).maintain();
    const [first] = await keys.list();
    clock.advance(15 * 60);
    await openWith('newer', 'new').maintain();
    const [retiring, active] = await keys.list();
    expect(retiring).toEqual(first);
    expect(JSON.parse(active!.sealedPrivateKey)).toHaveProperty('secret', 'newer');
  });

  it('signs and verifies on every node, in every phase', async () => {
    const { clock, openWith } = setUp();
    const phases = [
      [old!, readsNext!],
      [readsNext!, readsOld!],
      [readsOld!, next!],
    ];
    const { kid } = await openWith(...old!).active();
    for (const phase of phases) {
      const nodes = phase.map((secrets) => openWith(...secrets));
      for (const node of nodes.toReversed()) await node.maintain();
      clock.advance(60);
      for (const node of nodes) {
        await node.maintain();
        expect((await node.active()).kid).toBe(kid);
        expect(await node.find(kid)).toBeDefined();
      }
      // All of the old nodes have stopped; the new ones have a minute to themselves.
      await nodes.at(-1)?.maintain();
    }
  });

  it('verifies tokens, publishes keys and keeps signing on a node that was left behind', async () => {
    const { clock, openWith } = setUp();
    const [behind, started] = [openWith(...old!), openWith(...old!)];
    const { kid } = await behind.active();
    await openWith(...readsOld!).maintain();
    clock.advance(60);
    expect((await behind.active()).kid).toBe(kid);
    for (const node of [behind, started]) {
      expect(await node.find(kid)).toMatchObject({ kid });
      expect(await statesOf(node)).toEqual(['active']);
    }
  });

  it('refuses to sign, rotate or maintain with a key that it cannot open, and creates none that others cannot', async () => {
    const { clock, keys, openWith } = setUp();
    await openWith(...old!).active();
    clock.advance(90 * day);
    const stranger = openWith(...next!);
    for (const use of [() => stranger.active(), () => stranger.rotate(), () => stranger.maintain()]) {
      await expect(use()).rejects.toMatchObject(unreadable);
    }
    expect(await keys.list()).toHaveLength(1);
  });

  it('refuses maintenance on a node that signs today but could not sign after a restart', async () => {
    const { clock, openWith } = setUp();
    const ring = openWith(...old!);
    await ring.active();
    await openWith(...readsOld!).maintain();
    clock.advance(60);
    await expect(ring.maintain()).rejects.toMatchObject(unreadable);
  });
});
