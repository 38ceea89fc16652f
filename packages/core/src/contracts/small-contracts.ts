import type { Clock } from '../ports/clock.ts';
import type { CommonPasswords } from '../ports/common-passwords.ts';
import type { SecretGenerator } from '../ports/secret-generator.ts';
import type { ContractCase } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';

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
      name: 'no session id is given out twice',
      async run() {
        const secrets = open();
        const ids = new Set(Array.from({ length: 10_000 }, () => secrets.sessionId()));
        expectSame(ids.size, 10_000, 'different ids');
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
