import { forgedTokens } from './forged-tokens.ts';
import type { HostileToken } from './hostile-token.ts';
import { irregularTokens } from './irregular-tokens.ts';
import { malformedTokens } from './malformed-tokens.ts';
import { misusedTokens } from './misused-tokens.ts';
import { tokenForge, type TokenForgeOptions } from './token-forge.ts';

export type { HostileToken, HostileTokenKind } from './hostile-token.ts';
export { genuineToken, type SignToken, type TokenForge, tokenForge, type TokenForgeOptions } from './token-forge.ts';

/**
 * Tokens that a resource server must refuse with 401, for its tests. Each differs in one respect from the
 * `genuineToken` of the same options, which it must accept. Each can be sent in a header `Authorization: Bearer …`, and
 * is at most 12,000 characters long.
 *
 * @throws TypeError as `tokenForge` does
 */
export function hostileTokens(options: TokenForgeOptions): readonly HostileToken[] {
  const forging = tokenForge(options);
  return [forgedTokens, misusedTokens, irregularTokens, malformedTokens].flatMap((list) => list(forging));
}
