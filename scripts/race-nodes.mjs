import { cryptoPorts } from '@sallyport/adapters-crypto';
import { MemoryRateLimiter, SystemClock } from '@sallyport/adapters-memory';
import { Mailbox, PlainPasswordHasher } from '@sallyport/adapters-memory/testing';
import { openPg, postgresStore } from '@sallyport/adapters-postgres';
import { anyone, createApplication } from '@sallyport/core';

let members = 0;

/** An application on this database, as one of several nodes. */
export function openNode(url) {
  const sql = openPg(url);
  const store = { ...postgresStore(sql), clock: new SystemClock() };
  const crypto = cryptoPorts({ secretKey: 'a secret key for races, long enough', issuer: 'http://localhost' }, store);
  const mailer = new Mailbox();
  return {
    sql,
    mailer,
    sessions: store.sessions,
    ...createApplication(
      { ...store, ...crypto, hasher: new PlainPasswordHasher(), mailer, rateLimiter: new MemoryRateLimiter() },
      { limits: 'off' },
    ),
  };
}

/** Registers a member, and returns the credentials. */
export async function registerMember({ application }) {
  members += 1;
  const credentials = { email: `racer-${process.pid}-${members}@example.com`, password: 'secret123' };
  await application.register.execute(anyone, { name: 'Racer', ...credentials });
  return credentials;
}
