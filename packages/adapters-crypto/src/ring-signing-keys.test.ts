import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { KeyRing } from '@sallyport/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cryptoPorts } from './crypto-ports.ts';
import { Ed25519KeyMaterial } from './ed25519-key-material.ts';
import { RingSigningKeys } from './ring-signing-keys.ts';
import { UnreadableKeyError } from './sealed-keys.ts';

const secretKey = 'a secret key for tests, long enough';
const nextKey = 'another secret key, long enough too';
const claims = { userId: 42, sessionId: 'AbCdEfGhIjKlMnOpQrSt_-' };

function setUp() {
  const ports = memoryPorts();
  const material = new Ed25519KeyMaterial({ secretKey });
  const ring = new KeyRing({ material, rotationInterval: 86_400, overlap: 1800, ...ports });
  return { clock: ports.clock, ring, keys: new RingSigningKeys(ring) };
}

describe('RingSigningKeys', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('signs with the active key of the ring, and verifies with its public key', async () => {
    const { keys, ring } = setUp();
    const { kid } = await ring.active();
    const usable = { algorithm: { name: 'Ed25519' }, extractable: false };
    const privateKey = { ...usable, type: 'private', usages: ['sign'] };
    expect(await keys.active()).toMatchObject({ kid, alg: 'EdDSA', privateKey });
    const publicKey = { algorithm: { name: 'Ed25519' }, type: 'public', usages: ['verify'] };
    expect(await keys.find(kid)).toMatchObject({ kid, alg: 'EdDSA', publicKey });
    expect(await keys.find('unknown')).toBeUndefined();
  });

  it('imports each key once, however often the ring reads the store', async () => {
    const { clock, keys, ring } = setUp();
    const importKey = vi.spyOn(crypto.subtle, 'importKey');
    const use = async () => {
      const { kid } = await keys.active();
      await keys.find(kid);
    };
    await use();
    const imports = importKey.mock.calls.length;
    expect(imports).toBeGreaterThan(0);
    clock.advance(60);
    await use();
    expect(importKey).toHaveBeenCalledTimes(imports);

    await ring.rotate();
    clock.advance(15 * 60);
    await use();
    expect(importKey.mock.calls.length).toBeGreaterThan(imports);
  });

  it('finds no key that it has imported once the ring retires it', async () => {
    const { clock, keys, ring } = setUp();
    const { kid } = await keys.active();
    expect(await keys.find(kid)).toBeDefined();
    await ring.rotate();
    clock.advance(15 * 60 + 1800);
    expect(await keys.find(kid)).toBeUndefined();
  });
});

describe('Nodes on one store', () => {
  const [old, next] = [{ secretKey }, { secretKey: nextKey }];
  const [readsNext, readsOld] = [
    { ...old, previousSecretKey: nextKey },
    { ...next, previousSecretKey: secretKey },
  ];

  function deployment() {
    const ports = memoryPorts();
    const { clock } = ports;
    const start = (secrets: typeof old) => {
      const { accessTokens, keyRing } = cryptoPorts({ ...secrets, issuer: 'https://accounts.example.com' }, ports);
      const validity = () => ({ issuedAt: clock.now(), expiresAt: new Date(clock.now().getTime() + 600_000) });
      return {
        keyRing,
        issue: () => accessTokens.issue(claims, validity()),
        verify: (token: string) => accessTokens.verify(token, clock.now()),
      };
    };
    return { clock, start };
  }

  it('accept the tokens of each other in every phase of a change of SECRET_KEY', async () => {
    const { clock, start } = deployment();
    const earlier = await start(old).issue();
    for (const phase of [
      [old, readsNext],
      [readsNext, readsOld],
      [readsOld, next],
    ]) {
      const nodes = phase.map(start);
      for (const { keyRing } of nodes.toReversed()) await keyRing.maintain();
      clock.advance(60);
      for (const { issue, keyRing } of nodes) {
        await keyRing.maintain();
        const token = await issue();
        for (const { verify } of nodes) {
          expect([await verify(token), await verify(earlier)]).toMatchObject([claims, claims]);
        }
      }
      // All of the old nodes have stopped; the new ones have a minute to themselves.
      await nodes.at(-1)?.keyRing.maintain();
    }
  });

  it('publish keys and accept tokens with the wrong secret, but issue, rotate and maintain nothing', async () => {
    const { clock, start } = deployment();
    const token = await start(old).issue();
    const stranger = start(next);
    expect(await stranger.verify(token)).toMatchObject(claims);
    expect(await stranger.keyRing.publicKeys()).toMatchObject([{ state: 'active' }]);
    clock.advance(90 * 86_400);
    const { keyRing } = stranger;
    for (const use of [() => stranger.issue(), () => keyRing.rotate(), () => keyRing.maintain()]) {
      await expect(use()).rejects.toMatchObject({ code: 'unavailable', cause: expect.any(UnreadableKeyError) });
    }
    expect(await keyRing.publicKeys()).toHaveLength(1);
  });

  it('publish the public key alone', async () => {
    const [shown] = await deployment().start(old).keyRing.publicKeys();
    expect(shown?.jwk).toStrictEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.stringMatching(/^[\w-]{43}$/),
      kid: shown?.kid,
      use: 'sig',
      alg: 'EdDSA',
    });
  });
});
