import { describe, expect, it } from 'vitest';
import { changed, failedCases, reading, replacing } from '../../test/canaries.ts';
import { type AuditFilter, eventTypes } from '../index.ts';
import { tokenPurposes } from '../ports/one-time-tokens.ts';
import type { Claim, WaitingMails, WritableOutbox } from '../ports/outbox.ts';
import { type MailData, type MailKind, mailKinds } from '../model/mail.ts';
import { auditContract, type ContractCase, oneTimeTokensContract, outboxContract } from './index.ts';

const nothing = async () => {};

const withFacts =
  'faithful: a mail of any kind is claimed with the locale, the data and the network that it was appended with, or without them';

/** Data whose every value became text. */
const inText = (data: MailData | undefined) =>
  data && Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));

/** Every promise of a contract but for those that store nothing. */
function namesOf(contract: readonly ContractCase[]): string[] {
  return contract.map(({ part, name }) => `${part}: ${name}`).filter((name) => !/a read of|a position that/.test(name));
}

describe.each(eventTypes)('The contract of the audit, by the event %s,', (type) => {
  it('fails in every promise a store that drops it', async () => {
    const contract = auditContract(() =>
      replacing(({ audit }) => ({
        audit: changed(audit, { append: (event) => (event.type === type ? nothing() : audit.append(event)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
  });

  it('fails a store that drops it among others', async () => {
    const contract = auditContract(() =>
      replacing(({ audit }) => ({
        audit: changed(audit, { appendAll: (events) => audit.appendAll(events.filter((one) => one.type !== type)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: an event of any type is listed as it was appended, alone or with others, newest first',
    ]);
  });

  it('fails a store that does not find it by its type', async () => {
    const contract = auditContract(() =>
      reading(({ audit }) => ({
        audit: changed(audit, {
          list: async (filter, page) => (filter.type === type ? [] : audit.list(filter, page)),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: an event of any type is found by its type, actor and subject, even after both were deleted',
    );
  });
});

describe('The contract of the audit', () => {
  it.each<[keyof AuditFilter, string]>([
    ['ip', 'an event of any type is found by the address that it came from, literally'],
    ['since', 'an event of any type is found from one moment on, and before another'],
    ['until', 'an event of any type is found from one moment on, and before another'],
  ])('fails a store that ignores the filter %s', async (name, promise) => {
    const contract = auditContract(() =>
      reading(({ audit }) => ({
        audit: changed(audit, { list: (filter, page) => audit.list({ ...filter, [name]: undefined }, page) }),
      })),
    );
    expect(await failedCases(contract)).toEqual([`faithful: ${promise}`]);
  });
});

/** Every kind of mail of the core, and one of a module. */
const kinds = [...mailKinds, 'comments.added'] as const;

describe.each(kinds)('The contract of the outbox, by the mail %s,', (kind) => {
  it('fails in every promise a store that drops it', async () => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, { append: (mail) => (mail.kind === kind ? nothing() : outbox.append(mail)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
  });

  it.each(['locale', 'data', 'network'])('fails a store that loses its %s', async (field) => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, {
          append: (mail) => outbox.append(mail.kind === kind ? { ...mail, [field]: undefined } : mail),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([withFacts]);
  });

  it('fails a store that keeps the numbers of its data as text', async () => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, {
          append: ({ data, ...mail }) => outbox.append({ ...mail, data: mail.kind === kind ? inText(data) : data }),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([withFacts]);
  });

  it('fails a store that never cancels it', async () => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, { cancel: (id, one) => (one === kind ? nothing() : outbox.cancel(id, one)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a mail of any kind belongs to its last claim until it is cancelled',
      'faithful: a mail of any kind is cancelled for its user and kind alone',
    ]);
  });

  it('fails a store that keeps it when every kind is cancelled', async () => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, {
          async cancel(id, one) {
            for (const other of one ? [one] : kinds) if (other !== kind || one) await outbox.cancel(id, other);
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: mails of every kind are cancelled together, for their user alone',
    ]);
  });
});

describe.each(kinds)('The contract of the outbox, by every mail %s,', (kind) => {
  it.each<[string, (asked: MailKind) => readonly MailKind[]]>([
    ['keeps it', (asked) => (asked === kind ? [] : [asked])],
    ['cancels it with another kind', (asked) => [asked, kind]],
  ])('fails a store that %s', async (_, cancelled) => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, {
          async cancelEvery(asked) {
            for (const one of cancelled(asked)) await outbox.cancelEvery(one);
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: every mail of one kind is cancelled for all recipients, and no mail of another kind',
    ]);
  });
});

describe('The contract of the outbox', () => {
  it.each<[string, (outbox: WritableOutbox, claim: Claim) => Promise<void>]>([
    ['does not note that a mail was counted', nothing],
    [
      'notes it for an outdated claim',
      async (outbox, { id }) => {
        for (const attempts of [1, 2]) await outbox.markCounted({ id, attempts });
      },
    ],
  ])('fails a store that %s', async (_, markCounted) => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({ outbox: changed(outbox, { markCounted: (claim) => markCounted(outbox, claim) }) })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a mail of any kind is counted once its current claim says so, and stays counted',
    ]);
  });

  it.each<[string, (waiting: WaitingMails) => WaitingMails]>([
    ['counts one too many', ({ count, ...rest }) => ({ ...rest, count: count + 1 })],
    ['does not know the oldest', (waiting) => ({ ...waiting, oldestQueuedAt: undefined })],
  ])('fails a store that %s of the waiting mails', async (_, distorted) => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, { waiting: async () => distorted(await outbox.waiting()) }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a mail of any kind counts as waiting until it is deleted, with the time at which the oldest was queued',
    ]);
  });
});

describe.each(tokenPurposes)('The contract of one-time tokens, by the purpose %s,', (purpose) => {
  it('fails in every promise a store that drops its tokens', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          append: (token, which) => (token.purpose === purpose ? nothing() : oneTimeTokens.append(token, which)),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
  });

  it('fails a store that consumes its tokens for any purpose', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          consume: (shown) => oneTimeTokens.consume({ ...shown, purposes: [...shown.purposes, purpose] }),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: a one-time token is valid for its own purpose until it expires',
    );
  });

  it('fails a store that does not find the users of its tokens', async () => {
    const contract = oneTimeTokensContract(() =>
      reading(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          find: (shown) => oneTimeTokens.find({ ...shown, purposes: shown.purposes.filter((one) => one !== purpose) }),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: a one-time token of any purpose is found with its user until it is consumed, and is then returned as it was stored',
    );
  });

  it('fails a store that uses its tokens for any purpose', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          use: (shown) => oneTimeTokens.use({ ...shown, purposes: [...shown.purposes, purpose] }),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a one-time token is valid for its own purpose until it expires',
    ]);
  });

  it('fails a store that forgets the first use of its tokens', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          async use(shown) {
            const token = await oneTimeTokens.use(shown);
            return token?.purpose === purpose ? { ...token, usedAt: undefined } : token;
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a one-time token of any purpose that was used is valid, and remembers its first use',
      'once: a one-time token of any purpose is used for the first time by one of twenty callers',
    ]);
  });

  it.each([2, 4])('fails a store that keeps %i of its tokens in place of three', async (kept) => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          append: (token, { mail, keep }) =>
            oneTimeTokens.append(token, { mail, keep: token.purpose === purpose && keep === 3 ? kept : keep }),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual(
      expect.arrayContaining([
        'faithful: the newest one-time tokens of a user and purpose stay, down to a number to keep',
        'unique: of one-time tokens that were created at the same moment no more stay than are to be kept',
      ]),
    );
  });

  it.each<[string, (mail: string, digest: string) => string]>([
    ['as one mail each', (_, digest) => digest],
    ['as those of one mail', () => 'any'],
  ])('fails a store that takes its tokens %s', async (_, mailOf) => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          append: (token, { mail, keep }) =>
            oneTimeTokens.append(token, { mail: token.purpose === purpose ? mailOf(mail, token.digest) : mail, keep }),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: one-time tokens of one mail take the place of no other mail, and of them the newest stay',
    );
  });

  it('fails a store that deletes its tokens with those for other purposes', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          deleteAllOf: (id, { purposes, ...which } = {}) =>
            oneTimeTokens.deleteAllOf(id, { ...which, ...(purposes && { purposes: [...purposes, purpose] }) }),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: one-time tokens of some purposes are deleted, and those of others stay',
    );
  });

  it('fails a store that deletes the one of its tokens that is to stay', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          deleteAllOf: (id, { purposes, except } = {}) =>
            oneTimeTokens.deleteAllOf(id, {
              ...(purposes && { purposes }),
              ...(except !== undefined && !except.includes(purpose) && { except }),
            }),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual(['faithful: all one-time tokens of a user are deleted but for one']);
  });
});
