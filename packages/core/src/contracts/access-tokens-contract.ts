import { secondsAfter } from '../model/policy.ts';
import type { AccessTokens } from '../ports/access-tokens.ts';
import type { ContractCase } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';
import { neighboursOf, sessionId } from './samples.ts';

const issuedAt = new Date('2026-01-01T12:00:00Z');
const expiresAt = secondsAfter(issuedAt, 1800);
const claims = { userId: 42, sessionId: sessionId('a') };

/** What `AccessTokens` promises. */
export function accessTokensContract(open: () => AccessTokens): readonly ContractCase[] {
  return [
    {
      part: 'faithful',
      name: 'a token says what it was issued for',
      async run() {
        const tokens = open();
        const token = await tokens.issue(claims, { issuedAt, expiresAt });
        expectSame(await tokens.verify(token, issuedAt), { ...claims, issuedAt, expiresAt }, 'verify');
      },
    },
    {
      part: 'faithful',
      name: 'a token holds until the second before it expires',
      async run() {
        const tokens = open();
        const token = await tokens.issue(claims, { issuedAt, expiresAt });
        expectThat((await tokens.verify(token, secondsAfter(expiresAt, -1))) !== undefined, 'It holds a second before');
        expectSame(await tokens.verify(token, expiresAt), undefined, 'at the moment');
        expectSame(await tokens.verify(token, secondsAfter(expiresAt, 1)), undefined, 'a second behind');
      },
    },
    {
      part: 'faithful',
      name: 'no other string is a token',
      async run() {
        const tokens = open();
        const token = await tokens.issue(claims, { issuedAt, expiresAt });
        for (const other of neighboursOf(token)) {
          expectSame(await tokens.verify(other, issuedAt), undefined, `verify(${JSON.stringify(other.slice(0, 500))})`);
        }
      },
    },
    {
      part: 'unique',
      name: 'two tokens of one session differ',
      async run() {
        const tokens = open();
        const issue = () => tokens.issue(claims, { issuedAt, expiresAt });
        expectThat((await issue()) !== (await issue()), 'No two tokens are alike');
      },
    },
  ];
}
