import { memoryStore } from '@sallyport/adapters-memory';
import { describe, expect, it } from 'vitest';
import { arranged, changed, failedCases, storeWith } from '../../test/canaries.ts';
import { eventTypes, type StorePorts, type Transaction } from '../index.ts';
import { tokenPurposes } from '../ports/one-time-tokens.ts';
import { mailKinds } from '../ports/outbox.ts';
import { auditContract, type ContractCase, oneTimeTokensContract, outboxContract } from './index.ts';

const nothing = async () => {};

/** Every promise of a contract but for the one about reads, which stores nothing. */
function namesOf(contract: readonly ContractCase[]): string[] {
  return contract.map(({ part, name }) => `${part}: ${name}`).filter((name) => !name.includes('a read of'));
}

/** A store whose transactions have some of their ports replaced, ready for the contract of one port. */
const replacing = (change: (transaction: Transaction) => Partial<Transaction>) => arranged(storeWith(change));

/** A store that reads differently, ready for the contract of one port. */
const reading = (change: (store: StorePorts) => Partial<StorePorts>) => {
  const store = memoryStore();
  return arranged({ ...store, ...change(store) });
};

describe.each(eventTypes)('The contract of the audit, by the event %s,', (type) => {
  it('fails in every promise a store that drops it', async () => {
    const contract = auditContract(() =>
      replacing(({ audit }) => ({
        audit: changed(audit, { append: (event) => (event.type === type ? nothing() : audit.append(event)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
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

describe.each(mailKinds)('The contract of the outbox, by the mail %s,', (kind) => {
  it('fails in every promise a store that drops it', async () => {
    const contract = outboxContract(() =>
      replacing(({ outbox }) => ({
        outbox: changed(outbox, { append: (mail) => (mail.kind === kind ? nothing() : outbox.append(mail)) }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
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
});

describe.each(tokenPurposes)('The contract of one-time tokens, by the purpose %s,', (purpose) => {
  it('fails in every promise a store that drops its tokens', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          replace: (token) => (token.purpose === purpose ? nothing() : oneTimeTokens.replace(token)),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual(namesOf(contract));
  });

  it('fails a store that consumes its tokens for any purpose', async () => {
    const contract = oneTimeTokensContract(() =>
      replacing(({ oneTimeTokens }) => ({
        oneTimeTokens: changed(oneTimeTokens, {
          consume: (digest, purposes, at) => oneTimeTokens.consume(digest, [...purposes, purpose], at),
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
          findUser: (digest, purposes, at) =>
            oneTimeTokens.findUser(
              digest,
              purposes.filter((one) => one !== purpose),
              at,
            ),
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'faithful: a one-time token of any purpose finds its user until it is consumed, and is then returned as it was stored',
    );
  });
});
