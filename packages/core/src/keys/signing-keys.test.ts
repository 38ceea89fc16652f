import { describe, expect, it, vi } from 'vitest';
import { scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { PublicKey } from '../ports/signing-key-ring.ts';

const keys: PublicKey[] = (['retiring', 'active', 'next'] as const).map((state, n) => ({
  kid: `key-${n}`,
  state,
  activeFrom: new Date(n),
  jwk: { kid: `key-${n}`, kty: 'OKP', crv: 'Ed25519', x: 'AAAA' },
}));

function withKeys() {
  const story = scenario();
  vi.spyOn(story.ports.keyRing, 'publicKeys').mockResolvedValue(keys);
  return story;
}

describe('GetKeySet', () => {
  it('shows the public keys to any caller, and their states to none', async () => {
    const { application } = withKeys();
    expect(await application.getKeySet.execute(anyone)).toStrictEqual({ keys: keys.map(({ jwk }) => jwk) });
  });

  it('hands out copies, so that a caller cannot change them for others', async () => {
    const { application } = withKeys();
    const { keys: shown } = await application.getKeySet.execute(anyone);
    shown[0]!['x'] = 'spoilt';
    expect(await application.getKeySet.execute(anyone)).toHaveProperty('keys.0.x', 'AAAA');
  });

  it('shows an empty set where nothing is signed', async () => {
    expect(await scenario().application.getKeySet.execute(anyone)).toStrictEqual({ keys: [] });
  });
});

describe('The keys, for an operator,', () => {
  it('are listed with where they stand', async () => {
    const { application, system } = withKeys();
    expect(await application.listKeys.execute(system)).toStrictEqual(keys);
  });

  it('are rotated, revoked and maintained by their ring', async () => {
    const { application, system, calls } = scenario();
    expect(await application.rotateKeys.execute(system)).toBeUndefined();
    expect(await application.revokeKeys.execute(system)).toBeUndefined();
    expect(await application.maintainKeys.execute(system)).toBeUndefined();
    expect(calls).toEqual(['keyRing.rotate', 'keyRing.revoke', 'keyRing.maintain']);
  });

  it('are unavailable where their ring is', async () => {
    const { application, system, faults } = scenario();
    const unavailable = new SallyportError('unavailable');
    for (const method of ['publicKeys', 'rotate', 'revoke', 'maintain'] as const) {
      faults.fail(`keyRing.${method}`, unavailable, Infinity);
    }
    const { getKeySet, listKeys, rotateKeys, revokeKeys, maintainKeys } = application;
    for (const useCase of [getKeySet, listKeys, rotateKeys, revokeKeys, maintainKeys]) {
      await expect(useCase.attempt(useCase === getKeySet ? anyone : system, {})).rejects.toBe(unavailable);
    }
  });
});
