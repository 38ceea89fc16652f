import type { Clock } from '../ports/clock.ts';
import type { CommonPasswords } from '../ports/common-passwords.ts';
import type { RefreshTokens } from '../ports/refresh-tokens.ts';
import type { SecretGenerator } from '../ports/secret-generator.ts';
import type { ContractCase } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';
import { neighboursOf, sessionId } from './samples.ts';

/** What a `SecretGenerator` promises. */
export function secretGeneratorContract(open: () => SecretGenerator): readonly ContractCase[] {
  return [
    {
      part: 'faithful',
      name: 'a session id is 128 bits in base64url',
      async run() {
        // 22 letters hold 132 bits, so the last four are zero.
        expectThat(/^[\w-]{21}[AQgw]$/.test(open().sessionId()), 'sessionId');
      },
    },
    {
      part: 'unique',
      name: 'no session id and no one-time token is given out twice',
      async run() {
        const secrets = open();
        const ids = new Set(Array.from({ length: 10_000 }, () => secrets.sessionId()));
        const tokens = new Set(Array.from({ length: 1_000 }, () => secrets.oneTimeToken().token));
        expectSame([ids.size, tokens.size], [10_000, 1_000], 'different ones');
      },
    },
    {
      part: 'faithful',
      name: 'a one-time token is 256 bits in base64url, and is known by its digest',
      async run() {
        const secrets = open();
        const { token, digest } = secrets.oneTimeToken();
        expectThat(/^[\w-]{42}[AEIMQUYcgkosw048]$/.test(token), 'oneTimeToken');
        expectSame(secrets.digest(token), digest, 'digest');
        expectThat(!digest.includes(token), 'The digest does not give the token away');
        const others = ['', ' ', token.slice(1), `${token} `, '\ud800', 'x'.repeat(1_000_000)];
        expectSame(
          others.some((other) => secrets.digest(other) === digest),
          false,
          'the digest of another text',
        );
      },
    },
  ];
}

/** What `RefreshTokens` promises. */
export function refreshTokensContract(open: () => RefreshTokens): readonly ContractCase[] {
  const claims = { sessionId: sessionId('a'), generation: 7 };
  return [
    {
      part: 'faithful',
      name: 'a refresh token says what it was issued for, and is the same each time',
      async run() {
        const tokens = open();
        const token = await tokens.issue(claims);
        expectSame(await tokens.read(token), claims, 'read');
        expectSame(await tokens.issue(claims), token, 'issued again');
      },
    },
    {
      part: 'faithful',
      name: 'no other string is a refresh token',
      run: async () => {
        const tokens = open();
        const token = await tokens.issue(claims);
        for (const other of neighboursOf(token)) {
          expectSame(await tokens.read(other), undefined, `read(${JSON.stringify(other.slice(0, 200))})`);
        }
      },
    },
    {
      part: 'unique',
      name: 'each generation of each session has a token of its own',
      async run() {
        const tokens = open();
        const all = [claims, { ...claims, generation: 8 }, { ...claims, sessionId: sessionId('b') }];
        expectSame(
          new Set(await Promise.all(all.map((one) => tokens.issue(one)))).size,
          all.length,
          'different tokens',
        );
      },
    },
  ];
}

/** What `CommonPasswords` promises. */
export function commonPasswordsContract(open: () => CommonPasswords): readonly ContractCase[] {
  return [
    {
      part: 'faithful',
      name: 'the passwords that attackers try first are common, in any case',
      async run() {
        for (const password of ['password1', 'Password1', 'PASSWORD1', 'qwerty123', 'Qwerty123']) {
          expectSame(await open().includes(password), true, password);
        }
      },
    },
    {
      part: 'faithful',
      name: 'other passwords are not',
      async run() {
        for (const password of ['secret123', 'newSecret456', 'horse battery staple', '', '__proto__', 'constructor']) {
          expectSame(await open().includes(password), false, password);
        }
      },
    },
  ];
}

/** What a `Clock` promises. */
export function clockContract(open: () => Clock): readonly ContractCase[] {
  return [
    {
      part: 'faithful',
      name: 'a clock tells a moment',
      async run() {
        expectThat(Number.isFinite(open().now().getTime()), 'now() is a valid date');
      },
    },
    {
      part: 'isolated',
      name: 'nobody sets a clock by the date that it gave them',
      async run() {
        const clock = open();
        clock.now().setTime(0);
        expectThat(clock.now().getTime() !== 0, 'now() is a date of its own each time');
      },
    },
  ];
}
