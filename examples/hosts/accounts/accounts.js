import { cryptoPorts } from '@sallyport/adapters-crypto';
import { MemoryRateLimiter, SystemClock } from '@sallyport/adapters-memory';
import { migrate, postgresStore } from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import { FileMailer } from '@sallyport/adapters-smtp';
import { createApplication, startWorkers } from '@sallyport/core';
import { createHttpApi } from '@sallyport/http-api';

export async function openAccounts(publicUrl) {
  const sql = await openPglite('./data'); // or openPg('postgres://…')
  await migrate(sql);
  const store = { ...postgresStore(sql), clock: new SystemClock() };
  const crypto = cryptoPorts({ secretKey: process.env.SECRET_KEY ?? '', issuer: publicUrl }, store);
  const mailer = new FileMailer('./outbox', { from: 'accounts@example.com', publicUrl });
  const ports = { ...store, ...crypto, mailer, rateLimiter: new MemoryRateLimiter() };
  const { application, system } = createApplication(ports);
  const workers = startWorkers(application, system, { onFailure: (error, worker) => console.error(worker, error) });
  const api = createHttpApi({ application, publicUrl, log: console });
  return { api, application, system, close: () => workers.stop().then(() => sql.close()) };
}
