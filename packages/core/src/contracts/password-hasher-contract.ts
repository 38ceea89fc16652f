import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { ContractCase } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';

/** What a `PasswordHasher` promises. */
export function passwordHasherContract(open: () => PasswordHasher): readonly ContractCase[] {
  const verdicts = async (hasher: PasswordHasher, hash: string, passwords: readonly string[]) => {
    const seen: boolean[] = [];
    for (const password of passwords) seen.push(await hasher.verify(password, hash));
    return seen;
  };
  return [
    {
      part: 'faithful',
      name: 'a hash is of its password and of no other',
      async run() {
        const hasher = open();
        const hash = await hasher.hash(' pässwörd 123 ');
        const others = ['pässwörd 123', ' Pässwörd 123 ', ' password 123 ', ''];
        expectSame(
          await verdicts(hasher, hash, [' pässwörd 123 ', ...others]),
          [true, false, false, false, false],
          'verify',
        );
      },
    },
    {
      part: 'faithful',
      name: 'the whole of a long password counts',
      async run() {
        const hasher = open();
        for (const long of ['x'.repeat(73), '🜁'.repeat(128)]) {
          const shorter = [...long].slice(0, -1).join('');
          const hash = await hasher.hash(long);
          expectSame(await verdicts(hasher, hash, [long, shorter, `${shorter}y`]), [true, false, false], 'verify');
        }
      },
    },
    {
      part: 'faithful',
      name: 'nobody has the password of no hash, or of one that is none',
      async run() {
        const hasher = open();
        expectSame(await hasher.verify('secret123', undefined), false, 'no hash');
        for (const broken of ['', '$', 'secret123', '$argon2id$v=19$m=19456,t=2,p=1$$']) {
          expectSame(await hasher.verify('secret123', broken), false, JSON.stringify(broken));
        }
      },
    },
    {
      part: 'faithful',
      name: 'a hash made today needs no other',
      async run() {
        const hasher = open();
        expectSame(hasher.needsRehash(await hasher.hash('secret123')), false, 'needsRehash');
        expectSame(hasher.needsRehash('not a hash'), true, 'needsRehash of what is none');
      },
    },
    {
      part: 'unique',
      name: 'two hashes of one password differ',
      async run() {
        const hasher = open();
        expectThat((await hasher.hash('secret123')) !== (await hasher.hash('secret123')), 'Each hash has its own salt');
      },
    },
  ];
}
