import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { describe, expect, it, vi } from 'vitest';
import { fakeKeyMaterial, sealedOtherwise } from '../../test/fake-key-material.ts';
import { KeyRing } from './key-ring.ts';

const day = 86_400;

function setUp() {
  const ports = memoryPorts();
  /** A node with these secrets. It shares the store and the clock with the others. */
  const open = (...secrets: Parameters<typeof fakeKeyMaterial>) =>
    new KeyRing({ material: fakeKeyMaterial(...secrets), rotationInterval: 90 * day, overlap: 1800, ...ports });
  return { ...ports, open };
}

const statesOf = async (ring: KeyRing<string>) => (await ring.publicKeys()).map(({ state }) => state);

describe('KeyRing, when keys are revoked,', () => {
  it('deletes all of them and signs with another one at once', async () => {
    const { clock, keys, open } = setUp();
    const ring = open();
    const { kid: retiring } = await ring.active();
    await ring.rotate();
    clock.advance(15 * 60);
    const { kid: active } = await ring.active();
    await ring.rotate();
    expect(await statesOf(ring)).toEqual(['retiring', 'active', 'next']);

    await ring.revoke();
    expect(await statesOf(ring)).toEqual(['active']);
    expect([retiring, active]).not.toContain((await ring.active()).kid);
    expect([await ring.find(retiring), await ring.find(active)]).toEqual([undefined, undefined]);
    expect(await keys.list()).toMatchObject([{ predecessor: '', activeFrom: clock.now() }]);
  });

  it('does not accept them again because of a read that began before and ends later', async () => {
    const { clock, keys, unitOfWork } = setUp();
    let finish: (() => void) | undefined;
    const store = {
      async list() {
        const listed = await keys.list();
        if (clock.now().getTime() === slowAt) await new Promise<void>((resolve) => (finish = resolve));
        return listed;
      },
    };
    let slowAt = NaN;
    const material = fakeKeyMaterial();
    const ring = new KeyRing({ material, rotationInterval: 90 * day, overlap: 1800, keys: store, unitOfWork, clock });
    const { kid } = await ring.active();
    clock.advance(60);
    slowAt = clock.now().getTime();
    const slow = ring.find(kid);
    await vi.waitFor(() => expect(finish).toBeDefined());
    slowAt = NaN;
    await ring.revoke();
    expect(await statesOf(ring)).toEqual(['active']);
    expect(await ring.find(kid)).toBeUndefined();
    finish?.();
    await slow;
    expect(await ring.find(kid)).toBeUndefined();
  });

  it('needs no secret but its own, although it could not open the old keys', async () => {
    const { open } = setUp();
    await open('leaked').active();
    const ring = open('new');
    await expect(ring.active()).rejects.toMatchObject({ code: 'unavailable', cause: sealedOtherwise });
    await ring.revoke();
    await ring.maintain();
    expect(await ring.active()).toMatchObject({ kid: expect.any(String) });
    await expect(open('leaked').active()).rejects.toMatchObject({ code: 'unavailable', cause: sealedOtherwise });
  });

  it('no longer accepts them on another node a minute later, or as soon as that node meets a token of the new key', async () => {
    const { clock, open } = setUp();
    const [here, there, meeting] = [open(), open(), open()];
    const { kid } = await here.active();
    for (const node of [there, meeting]) expect(await node.find(kid)).toBeDefined();
    clock.advance(5);
    await here.revoke();
    const { kid: next } = await here.active();
    expect(await meeting.find(next)).toBeDefined();
    expect(await meeting.find(kid)).toBeUndefined();

    clock.advance(54.999);
    expect(await there.find(kid)).toBeDefined();
    clock.advance(0.001);
    expect(await there.find(kid)).toBeUndefined();
    expect((await there.active()).kid).toBe(next);
  });

  it('audits how many were revoked, and the key that replaces them', async () => {
    const { audit, open } = setUp();
    const ring = open();
    await ring.rotate();
    await ring.revoke();
    const { kid } = await ring.active();
    const entries = await audit.list({}, { skip: 0, limit: 2 });
    expect(entries.map(({ type, detail }) => [type, detail])).toEqual([
      ['signing_key.created', { kid }],
      ['signing_key.revoked', { count: 2 }],
    ]);
  });

  it('keeps one key, however many nodes revoke and rotate at once', async () => {
    const { keys, open } = setUp();
    const nodes = [open(), open(), open()];
    await nodes[0]!.active();
    await Promise.all([...nodes.map((node) => node.rotate()), ...nodes.map((node) => node.revoke())]);
    const kept = await keys.list();
    expect(kept[0]).toMatchObject({ predecessor: '' });
    expect(kept.filter(({ predecessor }) => predecessor === '')).toHaveLength(1);
    expect(await statesOf(open())).toContain('active');
  });

  it('replaces keys that a clock far ahead had created, which would sign for too long', async () => {
    const { clock, keys, open } = setUp();
    const ring = open();
    await ring.active();
    clock.advance(365 * day);
    await ring.maintain();
    clock.advance(3600);
    await ring.maintain();
    clock.advance(-365 * day - 3600);
    expect((await keys.list()).every(({ activeFrom }) => activeFrom > clock.now())).toBe(true);
    await ring.revoke();
    expect(await keys.list()).toMatchObject([{ activeFrom: clock.now() }]);
  });
});
