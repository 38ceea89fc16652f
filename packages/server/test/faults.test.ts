import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { layWire, type Wire } from '../../../test/wire.ts';
import { type Answer, member, type Person, startServer, type TestServer } from './start-server.ts';

/** A server whose connections to Postgres run through a wire, and a connection that watches the database itself. */
let wire: Wire;
let server: TestServer;
let operator: pg.Client;
let ada: Person;
let refreshToken: string;
let databaseName: string;

beforeAll(async () => {
  const { url } = await createDatabase();
  databaseName = pg.escapeIdentifier(new URL(url).pathname.slice(1));
  operator = new pg.Client({ connectionString: url, options: '-c search_path=sallyport' });
  await operator.connect();
  wire = await layWire(url);
  const environment = {
    DATABASE_URL: wire.url,
    RATE_LIMITS: 'on',
    LOGIN_RATE_LIMIT: '1000/minute',
    TRUST_PROXY: '127.0.0.1',
  };
  server = await startServer('Postgres', { environment });
  ada = await member(server);
  ({ refreshToken } = ada);
});
afterAll(async () => {
  await server.close();
  await wire.stop();
  await operator.end();
});

let client = 0;

/** One of each kind of request, each from an address of its own. */
function everything(): Promise<Answer[]> {
  client += 1;
  const headers = { 'x-forwarded-for': `203.0.113.${client % 250}` };
  const { email, password, token } = ada;
  return Promise.all([
    server.request('GET /users/me', { token }),
    server.request('GET /posts', {}),
    server.request('POST /auth/login', { json: { email, password }, headers }),
    server.request('POST /auth/login', { json: { email, password: 'wrong-1' }, headers }),
    server.request('POST /auth/login', { json: { email: 'nobody@example.com', password }, headers }),
    server.request('POST /auth/token', { form: { username: email, password }, headers }),
    server.request('POST /auth/refresh', { json: { refresh_token: refreshToken }, headers }),
    server.request('POST /auth/forgot-password', { json: { email: `${randomUUID()}@example.com` }, headers }),
    server.request('POST /auth/reset-password', { json: { token: 'none', new_password: 'newSecret456' }, headers }),
    server.request('POST /auth/register', {
      json: { name: 'Bob', email: `bob-${randomUUID()}@example.com`, password: 'secret123', age: 36 },
      headers,
    }),
    server.request('POST /posts', { token, json: { title: 'On engines', content: 'Weaves algebraical patterns.' } }),
  ]);
}

const whenWell = [200, 200, 200, 401, 401, 200, 200, 200, 400, 201, 201];

/** Whatever is asked is answered, with 503 and a time to come back. */
async function expectOutage(): Promise<void> {
  const answers = await everything();
  expect(answers.map(({ status }) => status)).toEqual(whenWell.map(() => 503));
  for (const { headers, body } of answers) {
    expect(headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(body)).not.toMatch(/ECONN|postgres|sql|timeout|127\.0\.0\.1/i);
  }
  expect((await server.request('GET /health/live')).status).toBe(200);
  await becomesReady(503);
}

/** Readiness may be that of a second ago. */
async function becomesReady(status: 200 | 503): Promise<void> {
  await vi.waitFor(async () => expect((await server.request('GET /health/ready')).status).toBe(status), 10_000);
}

/** What everything is answered with, and goes on with the session that was refreshed. */
async function answered(): Promise<number[]> {
  const answers = await everything();
  refreshToken = answers[6]?.body.refresh_token ?? refreshToken;
  return answers.map(({ status }) => status);
}

/** What is counted against Ada, and what the audit has of her failures. */
async function failuresCounted(): Promise<unknown> {
  const counted = await operator.query(
    `select bucket, count from rate_limits where bucket like 'failures:%' order by 1`,
  );
  const audited = await operator.query(`select count(*) from audit where type = 'user.login_failed'`);
  return [counted.rows, audited.rows];
}

const connections = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

describe('a server whose Postgres', () => {
  it.each<[fault: string, happens: () => Promise<void> | void]>([
    ['is stopped', () => wire.stop()],
    ['falls silent', () => wire.fallSilent()],
  ])(
    '%s is out, lets no client in, blames no client, counts no failure, and serves as soon as it is back (GHSA-8fpg-xm3f-6cx3)',
    async (_, happens) => {
      expect(await answered()).toEqual(whenWell);
      const before = await failuresCounted();
      await happens();
      await expectOutage();
      await expectOutage();
      expect(await failuresCounted()).toEqual(before);
      await wire.mend();
      expect(await answered()).toEqual(whenWell);
      await becomesReady(200);
    },
  );

  it('ends every connection serves the next request', async () => {
    expect(await answered()).toEqual(whenWell);
    await operator.query(`select pg_terminate_backend(pid, 5000) ${connections}`);
    expect(await answered()).toEqual(whenWell);
  });

  it('ends connections in the middle of requests answers those with what happened or with 503', async () => {
    const answers: Answer[] = [];
    for (let round = 0; round < 5; round += 1) {
      const underWay = everything();
      await operator.query(`select pg_terminate_backend(pid) ${connections}`);
      answers.push(...(await underWay));
    }
    const allowed = new Set([200, 201, 400, 503]);
    const wrong = answers.filter(
      ({ status }, index) => !allowed.has(status) && status !== whenWell[index % whenWell.length],
    );
    expect(wrong.map(({ status, body }) => [status, body])).toEqual([]);
    // A client whose connection broke during a refresh has the token from before or the new one.
    await vi.waitFor(async () => {
      const { status, body } = await server.request('POST /auth/refresh', { json: { refresh_token: refreshToken } });
      expect(status).toBe(200);
      refreshToken = body.refresh_token;
    });
    expect(await answered()).toEqual(whenWell);
  });

  it('is read-only reads, refuses to write for now, and ends no session', async () => {
    const before = await failuresCounted();
    await operator.query(`alter database ${databaseName} set default_transaction_read_only = on`);
    await operator.query(`select pg_terminate_backend(pid, 5000) ${connections}`);
    const answers = await everything();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 503, 503, 503, 503, 503, 503]);
    await operator.query('set default_transaction_read_only = off');
    await operator.query(`alter database ${databaseName} reset default_transaction_read_only`);
    expect(await failuresCounted()).toEqual(before);
    expect(await answered()).toEqual(whenWell);
  });
});
