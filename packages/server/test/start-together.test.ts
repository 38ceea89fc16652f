import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  eachInADirectory,
  holdMigrations,
  login,
  onPostgres,
  registerAndLogin,
  send,
  untilWaiting,
} from './sallyport-process.ts';

const { serve, end } = eachInADirectory();
const password = 'admin secret 123';
const nodes = [0, 1, 2];

let environment: Awaited<ReturnType<typeof onPostgres>>;
let operator: pg.Client;
beforeEach(async () => {
  environment = await onPostgres();
  operator = await connect();
});
afterEach(() => operator.end());

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: environment.DATABASE_URL, options: '-c search_path=sallyport' });
  await client.connect();
  return client;
}

const startNodes = (emailOf: (node: number) => string) =>
  nodes.map((node) =>
    serve({ ...environment, BOOTSTRAP_ADMIN_EMAIL: emailOf(node), BOOTSTRAP_ADMIN_PASSWORD: password }),
  );

/** Until each node waits for a lock. */
const allWait = () => untilWaiting(operator, nodes.length);

type Started = ReturnType<typeof startNodes>;

const urlsOf = (started: Started) => Promise.all(started.map(({ url }) => url));

/** How many admins there are, how many the audit knows of, and how many nodes say that they made one. */
async function adminsMade(started: Started) {
  const { rowCount: admins } = await operator.query(`select from users where role = 'admin'`);
  const { rowCount: audited } = await operator.query(`select from audit where type = 'user.registered'`);
  return [admins, audited, started.filter((node) => node.told().includes('The first admin is')).length];
}

async function stop(started: Started): Promise<void> {
  for (const { code } of await Promise.all(started.map((node) => node.stop()))) expect(code).toBe(0);
}

describe('nodes that start at once', () => {
  it('on an empty Postgres make one schema, one key and one admin, and believe each other’s tokens', async () => {
    // They come to their migration, and go on in the same moment.
    const gate = await connect();
    await gate.query(holdMigrations);
    const started = startNodes(() => 'root@example.com');
    await allWait();
    await gate.end();
    const urls = await urlsOf(started);
    expect(await adminsMade(started)).toEqual([1, 1, 1]);
    const { rows: steps } = await operator.query('select name from sallyport_core_migrations');
    expect(steps.length).toBe(new Set(steps.map(({ name }) => name)).size);
    expect((await operator.query('select from signing_keys')).rowCount).toBe(1);

    const token = await registerAndLogin(urls[0] ?? '');
    for (const url of urls) {
      expect((await send(url, '/users/me', undefined, token)).body.email).toBe(ada.email);
      expect(await login(url, { email: 'root@example.com', password })).toMatch(/^ey/);
    }
    await stop(started);
  });

  it.each([
    ['the same address', () => 'root@example.com', [200, 200, 200]],
    ['an address of its own', (node: number) => `root${node}@example.com`, [200, 401, 401]],
  ])('and are each told %s for the first admin make one, once', async (_, emailOf, statuses) => {
    await end(['migrate'], environment);
    const inTheWay = await connect();
    // Users can be read, and no user is written until every node has found that there is no admin.
    await inTheWay.query('begin');
    await inTheWay.query('lock table users in share row exclusive mode');
    const started = startNodes(emailOf);
    await allWait();
    await inTheWay.end();
    const urls = await urlsOf(started);
    expect(await adminsMade(started)).toEqual([1, 1, 1]);
    const attempts = nodes.map((node) => send(urls[node] ?? '', '/auth/login', { email: emailOf(node), password }));
    expect((await Promise.all(attempts)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual(statuses);
    await stop(started);
  });
});
