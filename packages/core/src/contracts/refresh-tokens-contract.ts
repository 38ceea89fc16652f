import type { RefreshTokens } from '../ports/refresh-tokens.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectSame } from './expect.ts';
import { neighboursOf, sessionId, splicesOf } from './samples.ts';

const claims = { sessionId: sessionId('a'), generation: 7 };
const otherClaims = [
  { ...claims, generation: 8 },
  { ...claims, sessionId: sessionId('b') },
];

/**
 * What `RefreshTokens` promises.
 *
 * @param open the two instances have different secrets
 */
export function refreshTokensContract(open: Open<RefreshTokens>): readonly ContractCase[] {
  return casesOf(open, promises);
}

const promises: readonly PortPromise<RefreshTokens>[] = [
  {
    part: 'faithful',
    name: 'a refresh token is read as the claims that it was issued for, and is the same each time',
    async holds(tokens) {
      for (const generation of [0, 7, 1_000_000]) {
        const issued = { ...claims, generation };
        const token = await tokens.issue(issued);
        expectSame(await tokens.read(token), issued, `read, generation ${generation}`);
        expectSame(await tokens.issue(issued), token, `issue, generation ${generation} again`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'no string but an issued refresh token is read',
    async holds(tokens) {
      const token = await tokens.issue(claims);
      await expectUnread(tokens, neighboursOf(token));
      for (const others of otherClaims) await expectUnread(tokens, splicesOf(token, await tokens.issue(others)));
    },
  },
  {
    part: 'unique',
    name: 'each generation of each session has its own refresh token',
    async holds(tokens) {
      const all = new Set<string>();
      for (const one of [claims, ...otherClaims]) all.add(await tokens.issue(one));
      expectSame(all.size, 1 + otherClaims.length, 'the number of different tokens');
    },
  },
  {
    part: 'isolated',
    name: 'a refresh token of an instance with another secret is not read, nor any part of it',
    async holds(first, openSecond) {
      const second = await openSecond();
      const [ofFirst, ofSecond] = [await first.issue(claims), await second.issue(claims)];
      const splices = splicesOf(ofFirst, ofSecond);
      await expectUnread(first, [ofSecond, ...splices]);
      await expectUnread(second, [ofFirst, ...splices]);
      expectSame(await first.read(ofFirst), claims, 'read, of its own token');
    },
  },
];

async function expectUnread(tokens: RefreshTokens, strings: readonly string[]): Promise<void> {
  for (const string of strings) {
    expectSame(await tokens.read(string), undefined, `read of ${JSON.stringify(string.slice(0, 200))}`);
  }
}
