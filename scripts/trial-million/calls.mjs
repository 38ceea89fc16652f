import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { RandomSecrets } from '@sallyport/adapters-crypto';
import { SystemClock } from '@sallyport/adapters-memory';
import { PostgresRateLimiter } from '@sallyport/adapters-postgres';
import { anyone, createApplication } from '@sallyport/core';
import { combinations } from './filters.mjs';
import { password, people } from './fill.mjs';

/** The default page, and the row that shows whether another follows. */
const page = { skip: 0, limit: 11 };
/** Rows that a purge removes at once: as many in the small schema as in the large one. */
const batch = 100;

const now = new Date();
const later = new Date(now.getTime() + 1000);
const lifetime = { at: now, usedSince: new Date(now.getTime() - 30 * 86_400_000) };
const session = '0123456789abcdef';

/**
 * What the trial measures on one schema: groups of calls by name, the same names for each schema.
 *
 * @param {{ store: object, sql: object, rows: number, facts: object }} schema
 */
export async function callsOf(schema) {
  return { ...lists(schema), 'look-ups': lookUps(schema), purges: purges(schema), sign: await signIn(schema) };
}

function lists({ store, rows, facts }) {
  const behind = { users: rows / 2, audit: rows, posts: rows / 2 };
  const far = { skip: 500, limit: 11 };
  const groups = Object.keys(behind).map((list) => {
    const calls = combinations(list, facts).flatMap((filter) => [
      [inWords(filter), () => store[list].list(filter, page)],
      [`${inWords(filter)}, behind another`, () => store[list].list(filter, { ...page, after: behind[list] })],
    ]);
    return [list, new Map([...calls, ['all, skip=500', () => store[list].list({}, far)]])];
  });
  return Object.fromEntries(groups);
}

function inWords(filter) {
  const words = Object.entries(filter).map(([name, value]) => {
    const text = value instanceof Date ? `${Math.round((Date.now() - value.getTime()) / 86_400_000)}d` : String(value);
    return `${name}=${text.includes('@') ? 'ADDRESS' : text}`;
  });
  return words.join(' ') || 'all';
}

function lookUps({ store, facts: { email, sessionId, digest, network, latest } }) {
  const { users, sessions, posts, audit, oneTimeTokens, knownNetworks } = store;
  const purposes = ['verify_email'];
  return new Map([
    ['a user by id', () => users.findById(people.ordinary)],
    ['credentials by address', () => users.findCredentials({ email })],
    ['credentials of an unknown address', () => users.findCredentials({ email: 'no@example.com' })],
    ['a session with its user', () => sessions.findWithUser(sessionId)],
    ['sessions of a member', () => sessions.listLive(people.ordinary, lifetime, page)],
    ['sessions of a busy member', () => sessions.listLive(people.busy, lifetime, page)],
    ['a post with its author', () => posts.findWithAuthor(people.ordinary)],
    ['a one-time token', () => oneTimeTokens.find({ digest, purposes, at: now })],
    ['a known network', () => knownNetworks.isKnown(email, network, now)],
    ['the audit from its beginning', () => audit.since(undefined, 11)],
    ['the audit behind its end', () => audit.since(latest, 11)],
  ]);
}

/** Each purge is taken back, so that every repetition finds the same rows. */
function purges({ store, sql }) {
  const inTransaction = (work) => () =>
    takenBack((run) => store.unitOfWork.run((transaction) => run(() => work(transaction))));
  const limiter = (work) => () =>
    takenBack((run) => sql.transaction((queries) => run(() => work(new PostgresRateLimiter(queries)))));
  return new Map([
    ['expired sessions', inTransaction(({ sessions }) => sessions.purge(now, batch))],
    ['expired tokens', inTransaction(({ oneTimeTokens }) => oneTimeTokens.purge(now, batch))],
    ['forgotten networks', inTransaction(({ knownNetworks }) => knownNetworks.purge(now, batch))],
    ['old audit', inTransaction(({ audit }) => audit.purge(lifetime.usedSince, batch))],
    ['closed limits', limiter((rateLimiter) => rateLimiter.purge(now, batch))],
    ['posts of a closed account', inTransaction(({ posts }) => posts.purgeAllOf(people.busy, batch))],
    ['sessions of a closed account', inTransaction(({ sessions }) => sessions.purgeAllOf(people.busy, batch))],
    [
      'tokens of a closed account',
      inTransaction(({ oneTimeTokens }) => oneTimeTokens.purgeAllOf(people.ordinary, batch)),
    ],
    [
      'networks of a closed account',
      inTransaction(({ knownNetworks }) => knownNetworks.purgeAllOf(people.busy, batch)),
    ],
    ['the next closed account', inTransaction(({ closedAccounts }) => closedAccounts.claim())],
    ['sessions to end, of all', inTransaction(({ sessions }) => sessions.endNext({ limit: batch }, now))],
    ['sessions to end, of a member', inTransaction(({ sessions }) => sessions.endAllOf(people.ordinary, now))],
    ['mails that are due', inTransaction(({ outbox }) => outbox.claim({ at: now, until: later, limit: batch }))],
    ['active admins', inTransaction(({ users }) => users.lockActiveAdmins())],
    [
      'the authority of a member',
      inTransaction(({ authority }) =>
        authority.lock({ actorId: people.ordinary, sessionId: session, subjectId: people.busy }),
      ),
    ],
  ]);
}

async function takenBack(act) {
  const back = new Error('taken back');
  let result;
  const run = async (work) => {
    result = await work();
    throw back;
  };
  await act(run).catch((error) => {
    if (error !== back) throw error;
  });
  return result;
}

/** Use cases as clients call them, with hashes and tokens that cost nothing. */
async function signIn({ store, sql, facts: { email } }) {
  const rateLimiter = new PostgresRateLimiter(sql);
  const secrets = new RandomSecrets({ secretKey: 'a secret key for a trial, long enough' });
  const ports = { ...memoryPorts(), ...store, clock: new SystemClock(), rateLimiter, secrets };
  const { application } = createApplication(ports, { limits: {} });
  let n = 0;
  const from = () => ({ ip: `2001:db8:${(n = (n + 1) % 65_536).toString(16)}::1`, userAgent: 'Trial' });
  let grant = await application.login.execute(from(), { email, password });
  return new Map([
    ['login', () => application.login.execute(from(), { email, password })],
    ['refresh', async () => (grant = await application.refresh.execute({ ip: '2001:db8::1' }, grant))],
    ['authenticate', () => application.authenticate.execute(anyone, grant)],
  ]);
}
