import { describe, expect, it } from 'vitest';
import { changed, failedCases, reading, replacing } from '../../test/canaries.ts';
import type { StorePorts, Transaction } from '../index.ts';
import { closedAccountsContract, sessionsContract } from './index.ts';

describe('The contract of closed accounts', () => {
  it('fails a store in which two callers claim the same account', async () => {
    const contract = closedAccountsContract(() => {
      let last: number | undefined;
      return replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async claim() {
            const claimed = (await closedAccounts.claim()) ?? last;
            last = claimed;
            return claimed;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(
      'once: each closed account is claimed by one of twenty callers that delete it',
    );
  });

  it('fails a store that always returns the same account first', async () => {
    const contract = closedAccountsContract(() => {
      const waiting = new Set<number>();
      return replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async append(userId, closedAt) {
            waiting.add(userId);
            await closedAccounts.append(userId, closedAt);
          },
          async claim() {
            const claimed = await closedAccounts.claim();
            const [first] = waiting;
            return claimed === undefined ? undefined : (first ?? claimed);
          },
          async delete(userId) {
            waiting.delete(userId);
            await closedAccounts.delete(userId);
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(
      'faithful: a closed account that is claimed and never deleted keeps no other one waiting',
    );
  });

  it('fails a store that forgets an account once it is claimed', async () => {
    const contract = closedAccountsContract(() =>
      replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async claim() {
            const claimed = await closedAccounts.claim();
            if (claimed !== undefined) await closedAccounts.delete(claimed);
            return claimed;
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a closed account is claimed until it is deleted, each in its turn',
    ]);
  });

  it('fails a store that forgets an account although the transaction of its claim failed', async () => {
    const contract = closedAccountsContract(() => {
      const taken = new Set<number>();
      return replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async delete(id) {
            taken.add(id);
            await closedAccounts.delete(id);
          },
          async claim() {
            for (let id = await closedAccounts.claim(); id !== undefined; id = await closedAccounts.claim()) {
              if (!taken.has(id)) return id;
              await closedAccounts.delete(id);
            }
            return undefined;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(
      'rolled back: a closed account is claimed again after the transaction of its claim failed',
    );
  });
});

describe('The contract of sessions', () => {
  const ofReads = (read: (sessions: StorePorts['sessions']) => Partial<StorePorts['sessions']>) =>
    sessionsContract(() => reading(({ sessions }) => ({ sessions: changed(sessions, read(sessions)) })));

  it.each(['methods', 'authenticatedAt'] as const)('fails a store that forgets the field %s', async (field) => {
    const contract = ofReads((sessions) => ({
      async findWithUser(id) {
        const found = await sessions.findWithUser(id);
        return found && { ...found, session: { ...found.session, [field]: undefined } };
      },
    }));
    expect(await failedCases(contract)).toContain(
      'faithful: a session is returned as it was appended, with its methods, its times and its current user',
    );
  });

  it('fails a store that loses sessions of the same moment between two pages', async () => {
    const contract = ofReads((sessions) => ({
      async listLive(userId, lifetime, { after, ...page }) {
        const last = after === undefined ? undefined : await sessions.findWithUser(after);
        const all = await sessions.listLive(userId, lifetime, { skip: 0, limit: 1000 });
        const behind = all.filter((session) => !last || session.createdAt < last.session.createdAt);
        return behind.slice(page.skip, page.skip + page.limit);
      },
    }));
    expect(await failedCases(contract)).toEqual([
      'faithful: live sessions are listed page by page, also those that were opened at the same moment',
    ]);
  });

  const inBatches =
    'faithful: the sessions of all users are ended in batches, and one that had ended before keeps the time of its end';
  const once = 'once: each session of all users is ended by one of twenty callers';

  it.each<[string, (sessions: Transaction['sessions'], told: string[]) => Transaction['sessions']['endNext'], string]>([
    ['ends all sessions at once', (sessions) => (page, at) => sessions.endNext({ ...page, limit: 100 }, at), inBatches],
    [
      'stops at the first batch',
      (sessions) => async (page, at) => (page.after === undefined ? sessions.endNext(page, at) : []),
      inBatches,
    ],
    [
      'tells several callers that they ended a session',
      (sessions, told) => async (page, at) => {
        told.push(...(await sessions.endNext(page, at)));
        return told.filter((id) => page.after === undefined || id > page.after).slice(0, page.limit);
      },
      once,
    ],
  ])('fails a store that %s', async (_, change, failure) => {
    const contract = sessionsContract(() => {
      const told: string[] = [];
      return replacing(({ sessions }) => ({ sessions: changed(sessions, { endNext: change(sessions, told) }) }));
    });
    expect(await failedCases(contract)).toEqual([failure]);
  });

  it.each<[string, (sessions: Transaction['sessions']) => Transaction['sessions']['purgeAllOf']]>([
    ['purges all sessions of a user at once', (sessions) => (userId) => sessions.purgeAllOf(userId, Infinity)],
    [
      'purges the sessions of another user too',
      (sessions) => async (userId, limit) => {
        await sessions.purgeAllOf(userId + 1, limit);
        return sessions.purgeAllOf(userId, limit);
      },
    ],
  ])('fails a store that %s', async (_, change) => {
    const contract = sessionsContract(() =>
      replacing(({ sessions }) => ({ sessions: changed(sessions, { purgeAllOf: change(sessions) }) })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: all sessions of one user are purged in batches, whatever their state',
    ]);
  });
});
