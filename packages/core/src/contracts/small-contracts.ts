import type { Clock } from '../ports/clock.ts';
import type { CommonPasswords } from '../ports/common-passwords.ts';
import type { SecretGenerator } from '../ports/secret-generator.ts';
import { type ContractCase, casesOf, type Open } from './contract.ts';
import { expectDifferent, expectSame, expectThat } from './expect.ts';

/**
 * What a `SecretGenerator` promises.
 *
 * @param open the two instances have different secrets
 */
export function secretGeneratorContract(open: Open<SecretGenerator>): readonly ContractCase[] {
  return casesOf(open, [
    {
      part: 'faithful',
      name: 'a session id is 128 bits in base64url',
      async holds(secrets) {
        const id = secrets.sessionId();
        // 22 letters hold 132 bits, so the last four bits are zero.
        expectThat(/^[\w-]{21}[AQgw]$/.test(id), id, '128 bits in base64url', 'sessionId');
      },
    },
    {
      part: 'unique',
      name: 'no session id and no one-time token is generated twice',
      async holds(secrets) {
        const ids = new Set(Array.from({ length: 10_000 }, () => secrets.sessionId()));
        const tokens = new Set(Array.from({ length: 1_000 }, () => secrets.oneTimeToken().token));
        expectSame([ids.size, tokens.size], [10_000, 1_000], 'the numbers of different ids and tokens');
      },
    },
    {
      part: 'faithful',
      name: 'a one-time token is 256 bits in base64url, and has one digest that no other text has',
      async holds(secrets) {
        const { token, digest } = secrets.oneTimeToken();
        expectThat(/^[\w-]{42}[AEIMQUYcgkosw048]$/.test(token), token, '256 bits in base64url', 'oneTimeToken');
        expectSame(secrets.digest(token), digest, 'digest');
        expectThat(!digest.includes(token), digest, 'a text that does not contain the token', 'digest');
        for (const other of ['', ' ', token.slice(1), `${token} `, '\ud800', 'x'.repeat(1_000_000)]) {
          expectDifferent(secrets.digest(other), digest, `digest of ${JSON.stringify(other.slice(0, 100))}`);
        }
      },
    },
    {
      part: 'faithful',
      name: 'a keyed digest is short, the same each time, and another for another text',
      async holds(secrets) {
        const texts = ['', ' ', 'ada@example.com', 'ada@example.co', 'Ada@example.com', 'x'.repeat(1_000_000)];
        const digests = texts.map((text) => secrets.keyedDigest(text));
        expectSame(new Set(digests).size, texts.length, 'the number of different digests');
        expectSame(
          texts.map((text) => secrets.keyedDigest(text)),
          digests,
          'the digests of the same texts',
        );
        for (const digest of digests) expectThat(digest.length <= 64, digest, 'at most 64 characters', 'keyedDigest');
      },
    },
    {
      part: 'isolated',
      name: 'a keyed digest is not that of an instance with another secret, nor the digest of a token',
      async holds(first, openSecond) {
        const second = await openSecond();
        for (const text of ['', 'ada@example.com', '["pair","ada@example.com","203.0.113.7"]']) {
          const digest = first.keyedDigest(text);
          const others = [second.keyedDigest(text), first.digest(text), second.digest(text)];
          for (const other of others) expectDifferent(other, digest, `another digest of ${JSON.stringify(text)}`);
        }
      },
    },
  ]);
}

/** What `CommonPasswords` promises. */
export function commonPasswordsContract(open: Open<CommonPasswords>): readonly ContractCase[] {
  return casesOf(open, [
    {
      part: 'faithful',
      name: 'the passwords that attackers try first are common, in upper and lower case',
      async holds(passwords) {
        for (const password of ['password1', 'Password1', 'PASSWORD1', 'qwerty123', 'Qwerty123']) {
          expectSame(await passwords.includes(password), true, `includes ${password}`);
        }
      },
    },
    {
      part: 'faithful',
      name: 'passwords that attackers do not try first are not common',
      async holds(passwords) {
        for (const password of ['secret123', 'newSecret456', 'horse battery staple', '', '__proto__', 'constructor']) {
          expectSame(await passwords.includes(password), false, `includes ${JSON.stringify(password)}`);
        }
      },
    },
  ]);
}

/** What a `Clock` promises. */
export function clockContract(open: Open<Clock>): readonly ContractCase[] {
  return casesOf(open, [
    {
      part: 'faithful',
      name: 'a clock returns a valid date',
      async holds(clock) {
        const now = clock.now();
        expectThat(Number.isFinite(now.getTime()), now, 'a valid date', 'now');
      },
    },
    {
      part: 'isolated',
      name: 'a clock is not set by changing a date that it returned',
      async holds(clock) {
        clock.now().setTime(0);
        expectDifferent(clock.now(), new Date(0), 'now, after the earlier date was changed');
      },
    },
  ]);
}
