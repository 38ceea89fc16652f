import { secondsAfter } from '../model/policy.ts';
import type { AccessTokens } from '../ports/access-tokens.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectDifferent, expectSame } from './expect.ts';
import { neighboursOf, sessionId, splicesOf } from './samples.ts';

const issuedAt = new Date('2026-01-01T12:00:00Z');
const expiresAt = secondsAfter(issuedAt, 1800);
const validity = { issuedAt, expiresAt };
const claims = { userId: 42, sessionId: sessionId('a') };

/**
 * What `AccessTokens` promises.
 *
 * @param open the two instances have different secrets, and no store in common
 */
export function accessTokensContract(open: Open<AccessTokens>): readonly ContractCase[] {
  return casesOf(open, promises);
}

const promises: readonly PortPromise<AccessTokens>[] = [
  {
    part: 'faithful',
    name: 'an access token is verified as the claims that it was issued for',
    async holds(tokens) {
      for (const userId of [1, 42, 999_999_999_999_999]) {
        const token = await tokens.issue({ ...claims, userId }, validity);
        expectSame(await tokens.verify(token, issuedAt), { ...claims, userId, ...validity }, `verify, user ${userId}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'an access token with further claims is verified as the others are',
    async holds(tokens) {
      const extra = { tenant: 'engines', 'https://example.com/plan': { seats: 3, names: ['Ada', '🜁'] } };
      const token = await tokens.issue({ ...claims, extra }, validity);
      expectSame(await tokens.verify(token, issuedAt), { ...claims, ...validity }, 'verify');
    },
  },
  {
    part: 'faithful',
    name: 'an access token is valid until the second before it expires',
    async holds(tokens) {
      const token = await tokens.issue(claims, validity);
      const verified = { ...claims, ...validity };
      expectSame(await tokens.verify(token, secondsAfter(expiresAt, -1)), verified, 'verify, a second before the end');
      expectSame(await tokens.verify(token, expiresAt), undefined, 'verify, at the end');
      expectSame(await tokens.verify(token, secondsAfter(expiresAt, 1)), undefined, 'verify, a second after the end');
    },
  },
  {
    part: 'faithful',
    name: 'no string but an issued access token is verified',
    async holds(tokens) {
      const token = await tokens.issue(claims, validity);
      // Before another token is issued, which may be a neighbour.
      await expectUnverified(tokens, neighboursOf(token));
      const other = await tokens.issue({ userId: 43, sessionId: sessionId('b') }, validity);
      await expectUnverified(tokens, splicesOf(token, other));
    },
  },
  {
    part: 'unique',
    name: 'two access tokens with the same claims differ',
    async holds(tokens) {
      expectDifferent(await tokens.issue(claims, validity), await tokens.issue(claims, validity), 'the second token');
    },
  },
  {
    part: 'isolated',
    name: 'an access token of an instance with another secret is not verified, nor any part of it',
    async holds(first, openSecond) {
      const second = await openSecond();
      const [ofFirst, ofSecond] = [await first.issue(claims, validity), await second.issue(claims, validity)];
      const splices = splicesOf(ofFirst, ofSecond);
      await expectUnverified(first, [ofSecond, ...splices]);
      await expectUnverified(second, [ofFirst, ...splices]);
      expectSame(await first.verify(ofFirst, issuedAt), { ...claims, ...validity }, 'verify, of its own token');
    },
  },
];

async function expectUnverified(tokens: AccessTokens, strings: readonly string[]): Promise<void> {
  for (const string of strings) {
    expectSame(await tokens.verify(string, issuedAt), undefined, `verify of ${JSON.stringify(string.slice(0, 500))}`);
  }
}
