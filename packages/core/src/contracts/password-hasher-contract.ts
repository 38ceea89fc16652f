import type { PasswordHasher } from '../ports/password-hasher.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectDifferent, expectSame } from './expect.ts';

/** What a `PasswordHasher` promises. */
export function passwordHasherContract(open: Open<PasswordHasher>): readonly ContractCase[] {
  return casesOf(open, promises);
}

/** Verifies each of these passwords against a hash. */
async function expectVerdicts(hasher: PasswordHasher, hash: string, verdicts: readonly (readonly [string, boolean])[]) {
  for (const [password, verdict] of verdicts) {
    expectSame(await hasher.verify(password, hash), verdict, `verify of ${JSON.stringify(password)}`);
  }
}

const escaped = (text: string) =>
  JSON.stringify(text).replaceAll(/\P{ASCII}/gu, (letter) => encodeURIComponent(letter));

const malformed = ['', '$', 'secret123', '$argon2id$v=19$m=19456,t=2,p=1$$'];

const promises: readonly PortPromise<PasswordHasher>[] = [
  {
    part: 'faithful',
    name: 'a hash verifies its own password and no other',
    async holds(hasher) {
      const hash = await hasher.hash(' pässwörd 123 ');
      await expectVerdicts(hasher, hash, [
        [' pässwörd 123 ', true],
        ['pässwörd 123', false],
        [' Pässwörd 123 ', false],
        [' password 123 ', false],
        ['', false],
      ]);
    },
  },
  {
    part: 'faithful',
    name: 'a password is the same composed and decomposed',
    async holds(hasher) {
      const forms = ['Zoë-1815'.normalize('NFC'), 'Zoë-1815'.normalize('NFD')];
      for (const form of forms) {
        const hash = await hasher.hash(form);
        for (const other of forms) expectSame(await hasher.verify(other, hash), true, `verify of ${escaped(other)}`);
      }
      // NFKC would make one of them.
      await expectVerdicts(hasher, await hasher.hash('ﬁnesse-1815'), [['finesse-1815', false]]);
    },
  },
  {
    part: 'faithful',
    name: 'every character of a long password counts',
    async holds(hasher) {
      for (const long of ['x'.repeat(73), '🜁'.repeat(128)]) {
        const shorter = [...long].slice(0, -1).join('');
        await expectVerdicts(hasher, await hasher.hash(long), [
          [long, true],
          [shorter, false],
          [`${shorter}y`, false],
        ]);
      }
    },
  },
  {
    part: 'faithful',
    name: 'no password is verified without a hash, or by a malformed one',
    async holds(hasher) {
      for (const broken of [undefined, ...malformed]) {
        expectSame(await hasher.verify('secret123', broken), false, `verify by the hash ${JSON.stringify(broken)}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a hash of today is accepted, and a malformed one is not',
    async holds(hasher) {
      expectSame(hasher.accepts(await hasher.hash('secret123')), true, 'accepts of a hash of today');
      for (const broken of malformed) {
        expectSame(hasher.accepts(broken), false, `accepts of ${JSON.stringify(broken)}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a hash of today needs no rehash, and a malformed one does',
    async holds(hasher) {
      expectSame(hasher.needsRehash(await hasher.hash('secret123')), false, 'needsRehash of a hash of today');
      expectSame(hasher.needsRehash('not a hash'), true, 'needsRehash of a malformed hash');
    },
  },
  {
    part: 'unique',
    name: 'two hashes of one password differ',
    async holds(hasher) {
      expectDifferent(await hasher.hash('secret123'), await hasher.hash('secret123'), 'the first hash');
    },
  },
];
