import { maxSessions } from '../model/session.ts';
import type { Email } from '../model/email.ts';
import type { StorePorts } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { arrangeIn } from './arrange.ts';
import { authorityContract } from './authority-contract.ts';
import { auditContract } from './audit-contract.ts';
import { closedAccountsContract } from './closed-accounts-contract.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectDifferent, expectSame, expectThat, rejection } from './expect.ts';
import { keysContract } from './keys-contract.ts';
import { knownNetworksContract } from './known-networks-contract.ts';
import { oneTimeTokensContract } from './one-time-tokens-contract.ts';
import { outboxContract } from './outbox-contract.ts';
import { firstPage, later, newSession, newUser, noon, sessionId } from './samples.ts';
import { sessionsContract } from './sessions-contract.ts';
import { unitOfWorkContract } from './unit-of-work-contract.ts';
import { usersContract } from './users-contract.ts';

/**
 * What the ports of a store promise: the contract of each, and that one transaction spans them all.
 *
 * @param open gives each case a store of its own, empty and ready
 */
export function storeContract(open: Open<StorePorts>): readonly ContractCase[] {
  const arranged: Open<StorePorts & { readonly arrange: ReturnType<typeof arrangeIn> }> = async (name) => {
    const store = await open(name);
    return { ...store, arrange: arrangeIn(store) };
  };
  return [
    ...usersContract(arranged),
    ...sessionsContract(arranged),
    ...knownNetworksContract(arranged),
    ...closedAccountsContract(arranged),
    ...oneTimeTokensContract(arranged),
    ...outboxContract(arranged),
    ...auditContract(arranged),
    ...keysContract(arranged),
    ...authorityContract(arranged),
    ...unitOfWorkContract(arranged),
    ...casesOf(open, promises),
  ];
}

const promises: readonly PortPromise<StorePorts>[] = [
  {
    part: 'unique',
    name: 'the id of a closed account is not imported until its rows are deleted',
    async holds({ users, unitOfWork }) {
      const { id } = await unitOfWork.run((transaction) => transaction.users.append(newUser('Ada')));
      await unitOfWork.run(async (transaction) => {
        await transaction.users.delete(id);
        await transaction.closedAccounts.append(id, noon);
      });
      const ada = { ...newUser('Ada'), id };
      const importBoth = () => unitOfWork.run((transaction) => transaction.users.import([ada, newUser('Bob')]));
      const [refused, stored] = await importBoth();
      expectThat(refused === undefined && stored !== undefined, [refused, stored], 'the second alone', 'import');
      await unitOfWork.run(({ closedAccounts }) => closedAccounts.delete(id));
      expectSame(await importBoth(), [id, undefined], 'import, once no row is left');
      expectSame((await users.findById(id))?.email, ada.email, 'the account');
    },
  },
  {
    part: 'faithful',
    name: 'one transaction writes to all ports of a store',
    async holds(store) {
      const before = await lookEverywhere(store);
      await store.unitOfWork.run(writeEverywhere);
      const after = await lookEverywhere(store);
      for (const [port, records] of Object.entries(after)) {
        expectDifferent(records, Reflect.get(before, port), `the ${port} after the transaction`);
      }
    },
  },
  {
    part: 'rolled back',
    name: 'a transaction that fails is undone in all ports of a store',
    async holds(store) {
      const before = await lookEverywhere(store);
      const reason = new Error('changed my mind');
      const failing = store.unitOfWork.run(async (transaction) => {
        await writeEverywhere(transaction);
        throw reason;
      });
      const error = await rejection(failing);
      expectThat(error === reason, error, 'the same Error object that the work threw', 'run');
      expectSame(await lookEverywhere(store), before, 'the records');
      await store.unitOfWork.run(writeEverywhere);
      expectDifferent(await lookEverywhere(store), before, 'the records after the same transaction committed');
    },
  },
  {
    part: 'once',
    name: 'no row is stored for an account once it was closed and purged, by callers that lock it',
    async holds({ sessions, unitOfWork }) {
      const { id } = await unitOfWork.run(({ users }) => users.append(newUser('Ada')));
      const write = async ({ users, sessions: rows }: Transaction, letter: string) => {
        if (!(await users.lockCredentials(id))) return false;
        await rows.open(newSession(id, letter), maxSessions);
        return true;
      };
      const purge = () => unitOfWork.run((transaction) => transaction.sessions.purgeAllOf(id, 100));
      const outcomes = await race<unknown>(async (racer) => {
        if (racer !== 10) return unitOfWork.run((transaction) => write(transaction, letters[racer] as string));
        await unitOfWork.run(({ users }) => users.delete(id));
        return purge();
      });
      expectSame(fulfilled(outcomes).length, 20, 'callers that were not rejected');
      const late = await unitOfWork.run((transaction) => write(transaction, 'z'));
      expectSame(late, false, 'a write, once the account was closed');
      expectSame(await purge(), 0, 'sessions that are left');
      const found = await Promise.all(letters.map((letter) => sessions.findWithUser(sessionId(letter))));
      expectSame(found.filter(Boolean), [], 'findWithUser');
    },
  },
];

/** A letter for each racer. */
const letters = 'abcdefghijklmnopqrst'.split('');

const token = { purpose: 'reset-password', email: 'ada@example.com' as Email, digest: 'digest' } as const;

const network = '203.0.113.0/24';

/** Appends one record of each kind. */
async function writeEverywhere(transaction: Transaction): Promise<void> {
  const { id } = await transaction.users.append(newUser('Ada'));
  await transaction.sessions.open(newSession(id, 'a'), maxSessions);
  await transaction.knownNetworks.remember(id, network, later, 1);
  await transaction.closedAccounts.append(id, noon);
  const carried = { mail: 'mail', keep: 3 };
  await transaction.oneTimeTokens.append({ ...token, userId: id, createdAt: noon, expiresAt: later }, carried);
  await transaction.outbox.append({ kind: 'reset-password', email: token.email, queuedAt: noon });
  await transaction.audit.append({ type: 'user.registered', at: noon, detail: {} });
  await transaction.keys.append({
    kid: 'a',
    predecessor: '',
    publicJwk: '{}',
    sealedPrivateKey: 'sealed',
    createdAt: noon,
    activeFrom: noon,
  });
}

async function lookEverywhere(store: StorePorts) {
  const { outbox, closed } = await store.unitOfWork.run(async (transaction) => ({
    outbox: await transaction.outbox.claim({ at: noon, until: noon, limit: 100 }),
    closed: await transaction.closedAccounts.claim(),
  }));
  return {
    users: (await store.users.list({}, firstPage)).length,
    closedAccounts: closed !== undefined,
    sessions: (await store.sessions.findWithUser(newSession(0, 'a').id))?.session.id,
    knownNetworks: await store.knownNetworks.isKnown(newUser('Ada').email, network, noon),
    oneTimeTokens: (await store.oneTimeTokens.find({ ...token, purposes: [token.purpose], at: noon }))?.user.name,
    outbox: outbox.length,
    audit: (await store.audit.list({}, firstPage)).length,
    keys: (await store.keys.list()).length,
  };
}
