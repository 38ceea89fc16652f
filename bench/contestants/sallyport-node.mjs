/**
 * Sallyport embedded: the HTTP API on plain `node:http`, as an embedder would mount it, without Koa, Inversify, log and
 * hardened server. It has the accounts, posts and stores of the server.
 */
import { createServer } from 'node:http';
import { cryptoPorts } from '@sallyport/adapters-crypto';
import { MemoryRateLimiter, memoryStore, SystemClock } from '@sallyport/adapters-memory';
import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { migrate, openPg, postgresStore } from '@sallyport/adapters-postgres';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import { FileMailer } from '@sallyport/adapters-smtp';
import { createApplication, line, startWorkers, wholeNumber } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { createHttpApi } from '@sallyport/http-api';
import { nodeListener } from '@sallyport/http-api/node';
import { httpPosts } from '@sallyport/http-api/posts';
import { announce } from './announce.mjs';

const { DATABASE_URL: url, PUBLIC_URL: publicUrl, SECRET_KEY: secretKey, UV_THREADPOOL_SIZE: threads } = process.env;
const lifetime = 86_400;
const forMembers = { read: ['self', 'members'], write: ['self', 'admins'] };
const profile = {
  age: { schema: wholeNumber(0, 150), default: null, required: true, ...forMembers },
  city: { schema: line(0, 50), default: 'Unknown', ...forMembers },
};
const blog = posts({ author: ['city'] });

const store = { ...(await openStore()), clock: new SystemClock() };
const crypto = cryptoPorts(
  { secretKey, issuer: publicUrl, accessTokenLifetime: lifetime, threadPoolSize: Number(threads) },
  store,
);
const mailer = new FileMailer('./outbox', { from: 'bench@example.com', publicUrl });
const { application, system } = createApplication(
  { ...store, ...crypto, mailer, rateLimiter: new MemoryRateLimiter() },
  { profile, modules: [blog], limits: 'off', accessTokenLifetime: lifetime },
);
await application.maintainKeys.execute(system);
startWorkers(application, system);

const api = createHttpApi({ application, publicUrl, modules: [httpPosts(blog)], log: console });
await announce(createServer(nodeListener(api)).listen(0, '127.0.0.1'));

async function openStore() {
  if (url === 'memory:') return memoryStore([memoryPosts]);
  const sql = await openSql();
  await migrate(sql, [postgresPosts]);
  return postgresStore(sql, [postgresPosts]);
}

async function openSql() {
  if (!url.startsWith('pglite:')) return openPg(url);
  const { openPglite } = await import('@sallyport/adapters-postgres/pglite');
  return openPglite(url.slice('pglite:'.length));
}
