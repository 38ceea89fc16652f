import type { Transaction } from '../src/index.ts';
import type { PostsTransaction } from '../src/posts/index.ts';
import type { scenario } from './scenario.ts';

const page = { skip: 0, limit: 1000 };
const endOfTime = new Date(8.64e15);

/**
 * Everything that a store shows. Ended and expired sessions, the tokens of mailed links, and what closed accounts left
 * cannot be listed: they are counted.
 */
export async function snapshot({ ports, clock }: ReturnType<typeof scenario>): Promise<unknown> {
  const users = await ports.users.list({}, page);
  const lifetime = { at: clock.now(), usedSince: new Date(0) };
  return {
    users,
    credentials: await Promise.all(users.map(({ id }) => ports.users.findCredentials({ id }))),
    sessions: await Promise.all(users.map(({ id }) => ports.sessions.listLive(id, lifetime, page))),
    posts: await ports.posts.list({}, page),
    audit: await ports.audit.list({}, page),
    keys: await ports.keyRing.publicKeys(),
    mails: ports.mailer.mails.length,
    ...(await onlyInTransactions(ports)),
  };
}

/** What transactions alone can read. Reading it claims the mails and removes the rest, so it is rolled back. */
async function onlyInTransactions({ unitOfWork }: ReturnType<typeof scenario>['ports']): Promise<object> {
  const rollback = new Error('What was read is not kept');
  let read = {};
  const reading = unitOfWork.run(async (transaction) => {
    const { outbox, sessions, oneTimeTokens } = transaction;
    read = {
      closedAccounts: await closedAccounts(transaction),
      outbox: await outbox.claim({ at: endOfTime, until: endOfTime, limit: page.limit }),
      allSessions: await sessions.purge(endOfTime, page.limit),
      oneTimeTokens: await oneTimeTokens.purge(endOfTime, page.limit),
    };
    throw rollback;
  });
  await reading.catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
  return read;
}

/** The closed accounts that still have rows, and how many posts each of them left. */
async function closedAccounts({ closedAccounts: accounts, posts }: Transaction & PostsTransaction): Promise<object[]> {
  const left: object[] = [];
  for (let id = await accounts.claim(); id !== undefined; id = await accounts.claim()) {
    left.push({ id, posts: await posts.purgeAllOf(id, page.limit) });
    await accounts.delete(id);
  }
  return left;
}
