import { objectionTo } from '../identity/refuse-account.ts';
import { type DomainEvent, eventOf } from '../model/domain-event.ts';
import type { ValidationIssue } from '../model/errors.ts';
import type { Anyone } from '../model/caller.ts';
import {
  futureIssue,
  importInput,
  ImportOutput,
  type ImportResult,
  type ReadRecord,
  readRecords,
  refused,
} from '../model/import.ts';
import { type AccountReference, ImportRun } from '../model/import-run.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { ImportedUser } from '../ports/users.ts';
import { type Surroundings, useCase } from '../use-case.ts';
import { Holders, keysOf, type UserToImport } from './same-account.ts';
import { type ReadUserRecord, toImportedUser, type UserRecord, userRecord } from './user-record.ts';

type Needs = Pick<Ports, 'unitOfWork' | 'hasher' | 'clock'> &
  Pick<Surroundings, 'hooks'> & { readonly policy: Pick<Policy, 'profile' | 'roles'> };

interface Candidate extends ReadRecord<ReadUserRecord>, UserToImport {}

/**
 * Imports accounts from another system, with their ids and password hashes, and returns what became of each. It mails
 * nothing. An account that an earlier call imported is recognised and stays as it is, so a call can be repeated. All
 * valid accounts of a call are stored in one transaction.
 */
export const importUsers = useCase({
  caller: 'system',
  input: importInput<UserRecord>(),
  output: ImportOutput,
  errors: [],
  async run(needs: Needs, caller, { records, run = new ImportRun() }) {
    const now = needs.clock.now();
    const { read, results } = await readRecords(records, run, {
      kind: 'user',
      schema: userRecord(needs.policy),
      keysOf: ({ id, externalId, email }) => ({ id: id ?? undefined, externalId: externalId ?? undefined, email }),
      issueOf: async (record) =>
        futureIssue(record.createdAt ?? undefined, now) ?? hashIssue(needs, record) ?? hookIssue(needs, record, caller),
    });
    let open = read.map((one): Candidate => ({ ...one, user: toImportedUser(one.record, now) }));
    // If an account of another caller takes an address or an id meanwhile, the second pass finds out whose it is.
    for (let pass = 1; pass <= 2 && open.length > 0; pass += 1) {
      const stored = await storeAll(needs, caller, now, open, run.dryRun);
      for (const [{ index }, result] of stored) results[index] = result;
      open = open.filter(({ index }) => !results[index]);
    }
    for (const { index, record } of open) results[index] = refused(takenIssue(record));
    run.add(read.flatMap(({ keys }) => [...keys.values()]));
    run.expect(read.filter(({ index }) => results[index]?.outcome !== 'refused').flatMap(referencesTo));
    return { results: results as ImportResult[] };
  },
});

/** Stores the accounts that are new in one transaction. A result that is missing has yet to be found out. */
function storeAll(
  { unitOfWork }: Needs,
  caller: Anyone,
  now: Date,
  candidates: readonly Candidate[],
  dryRun: boolean,
): Promise<Map<Candidate, ImportResult>> {
  return unitOfWork.run(async ({ users, audit }) => {
    const results = new Map<Candidate, ImportResult>();
    const holders = new Holders(await users.findAny(keysOf(candidates.map(({ user }) => user))));
    const fresh: Candidate[] = [];
    for (const one of candidates) {
      const met = holders.meet(one);
      if (!met) fresh.push(one);
      else if ('issue' in met) results.set(one, refused(met.issue));
      else results.set(one, { outcome: 'present', id: met.present.user.id });
    }
    if (dryRun) {
      for (const one of fresh) results.set(one, { outcome: 'imported' });
      return results;
    }
    const ids = fresh.length > 0 ? await users.import(fresh.map(({ user }) => user)) : [];
    const events: DomainEvent[] = [];
    for (const [position, one] of fresh.entries()) {
      const id = ids[position];
      if (id === undefined) continue;
      results.set(one, { outcome: 'imported', id });
      events.push(eventOf('user.imported', caller, now, id, detailOf(one.user)));
    }
    if (events.length > 0) await audit.appendAll(events);
    return results;
  });
}

const detailOf = ({ role, passwordHash }: ImportedUser) => ({ role, withPassword: passwordHash !== undefined });

function hashIssue({ hasher }: Needs, { passwordHash }: ReadUserRecord): ValidationIssue | undefined {
  if (!passwordHash || hasher.accepts(passwordHash)) return undefined;
  const message =
    'Is of a format or a cost that is not accepted here: configure the format, or leave the hash out and let the owner set a password';
  return { path: ['passwordHash'], message };
}

/** The refusal of the host's hook, which may ask whether an account may exist. */
async function hookIssue(
  { hooks }: Needs,
  record: ReadUserRecord,
  caller: Anyone,
): Promise<ValidationIssue | undefined> {
  if (!hooks.refuseAccount) return undefined;
  const message = await objectionTo(hooks, toImportedUser(record, new Date(0)), caller);
  return message === undefined ? undefined : { path: [], message };
}

function takenIssue({ id }: ReadUserRecord): ValidationIssue {
  return id
    ? { path: ['id'], message: 'Belongs to an account that was closed, whose rows are not yet deleted' }
    : { path: ['email'], message: 'Was in use a moment ago: import it again' };
}

function referencesTo({ record: { id, externalId } }: ReadRecord<ReadUserRecord>): readonly AccountReference[] {
  return [...(id ? [{ id }] : []), ...(externalId ? [{ externalId }] : [])];
}
