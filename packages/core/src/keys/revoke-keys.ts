import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/**
 * Deletes every signing key and creates another one, for an operator whose keys or secret have leaked. Every access token
 * that was issued before becomes invalid. Sessions go on: their refresh tokens bring new access tokens.
 */
export const revokeKeys = useCase({
  caller: 'system',
  input: NoInput,
  output: NoOutput,
  errors: [],
  run: ({ keyRing }: Pick<Ports, 'keyRing'>) => keyRing.revoke(),
});
