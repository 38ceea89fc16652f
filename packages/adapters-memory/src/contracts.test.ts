import { RecipientRefusedError } from '@sallyport/core';
import {
  accessTokensContract,
  arrangeIn,
  clockContract,
  commonPasswordsContract,
  mailerContract,
  passwordHasherContract,
  rateLimiterContract,
  refreshTokensContract,
  secretGeneratorContract,
  storeContract,
} from '@sallyport/core/contracts';
import { postsContract } from '@sallyport/core/posts/contracts';
import { describe, it } from 'vitest';
import { MemoryRateLimiter, memoryStore, SystemClock } from './index.ts';
import { memoryPosts } from './posts/index.ts';
import {
  FewCommonPasswords,
  Mailbox,
  ManualClock,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from './testing/index.ts';

function timed(limiter: MemoryRateLimiter) {
  const clock = new ManualClock();
  return { limiter, now: () => clock.now(), pass: async (seconds: number) => clock.advance(seconds) };
}

function observed(mailbox: Mailbox) {
  return {
    mailer: mailbox,
    delivered: async () =>
      mailbox.mails.map(({ id, to, name, token, words }) => {
        const { subject, greeting, paragraphs, action, validity, otherwise } = words;
        const texts = [name, token, subject, greeting, ...paragraphs, action?.label, validity, otherwise];
        return { id, recipients: [to], text: texts.join('\n') };
      }),
    refuse: async () => mailbox.refuse(),
    refuseRecipients: async () => mailbox.refuse(new RecipientRefusedError('550 5.1.1 No such user')),
    accept: async () => mailbox.accept(),
  };
}

function openPosts() {
  const store = memoryStore([memoryPosts]);
  return { ...store, arrange: arrangeIn(store) };
}

describe.each([
  ['memoryStore', storeContract(async () => memoryStore())],
  ['memoryPosts', postsContract(async () => openPosts())],
  ['PlainPasswordHasher', passwordHasherContract(() => new PlainPasswordHasher())],
  ['OpaqueAccessTokens', accessTokensContract(() => new OpaqueAccessTokens())],
  ['OpaqueRefreshTokens', refreshTokensContract(() => new OpaqueRefreshTokens())],
  ['SequentialSecrets', secretGeneratorContract(() => new SequentialSecrets())],
  ['FewCommonPasswords', commonPasswordsContract(() => new FewCommonPasswords())],
  ['MemoryRateLimiter', rateLimiterContract(async () => timed(new MemoryRateLimiter()))],
  ['Mailbox', mailerContract(() => observed(new Mailbox()))],
  ['SystemClock', clockContract(() => new SystemClock())],
  ['ManualClock', clockContract(() => new ManualClock())],
])('%s', (_, contract) => {
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());
});
