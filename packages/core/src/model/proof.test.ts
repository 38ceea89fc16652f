import { describe, expect, it } from 'vitest';
import { holds, type Proof } from './proof.ts';

describe('A proof', () => {
  const proof: Proof = { userId: 7, methods: ['pwd'], securityVersion: 3 };

  it('holds for its account while the security version is the same', () => {
    expect(holds(proof, { user: { id: 7 }, securityVersion: 3 })).toBe(true);
  });

  it.each([
    ['an earlier version', { user: { id: 7 }, securityVersion: 2 }],
    ['a later version', { user: { id: 7 }, securityVersion: 4 }],
    ['another account', { user: { id: 8 }, securityVersion: 3 }],
  ])('does not hold for %s', (_, current) => {
    expect(holds(proof, current)).toBe(false);
  });
});
