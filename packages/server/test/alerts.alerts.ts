import { readFile } from 'node:fs/promises';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { RecipientRefusedError } from '@sallyport/core';
import { Client } from 'pg';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { openRedisDouble } from '../../../test/redis-double.ts';
import { replace, useCaseTokens } from '../src/index.ts';
import { expressionsOfDashboard } from './monitoring-files.ts';
import { type Episode, rules, runAlerts, runSyntaxCheck } from './promtool.ts';
import { type Scrape, scrape } from './scrape.ts';
import { member, startServer, type Store, type TestServer, type TestServerOptions } from './start-server.ts';

const day = 86_400;
/** May fire wherever the machine is busy. */
const busy = ['SallyportEventLoopDelayed'];

const servers = new Set<TestServer>();
afterEach(async () => {
  for (const server of servers) await server.close();
  servers.clear();
});

async function start(store: Store, options: TestServerOptions = {}): Promise<TestServer> {
  const environment = { METRICS_PORT: '0', ...options.environment };
  const server = await startServer(store, { ...options, environment });
  servers.add(server);
  return server;
}

/** What a scrape shows before and after an act. State that is asked for once in five seconds is waited for. */
async function episodeOf(
  { metricsUrl }: TestServer,
  act: () => Promise<unknown>,
  isShown: (now: Scrape) => boolean = () => true,
): Promise<Episode> {
  const before = await scrape(metricsUrl);
  await act();
  const after = await vi.waitFor(
    async () => {
      const now = await scrape(metricsUrl);
      expect(isShown(now)).toBe(true);
      return now;
    },
    { timeout: 20_000 },
  );
  return { before, after };
}

const counted = (name: string, least: number) => (now: Scrape) =>
  [...now].reduce((sum, [series, value]) => sum + (series.startsWith(name) ? value : 0), 0) >= least;

const times = <Result>(count: number, act: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

const loginAs = (server: TestServer, email: string, password: string) =>
  server.request('POST /auth/login', { json: { email, password } });

it('No alert fires while members log in, make mistakes and get mails', async () => {
  const server = await start('Postgres');
  const ada = await member(server);
  const episode = await episodeOf(server, async () => {
    await times(20, () => loginAs(server, ada.email, ada.password));
    await times(4, () => loginAs(server, ada.email, 'wrong-password'));
    await times(20, () => server.request('GET /users/me', { token: ada.token }));
    await server.request('GET /nowhere');
    // Clients choose the method.
    await times(20, () => server.request('PROPFIND /users/me'));
    await server.sendMails();
  });
  await expect(runAlerts(episode, [], busy)).resolves.toBeUndefined();
});

/** How each alert is caused. */
const causes: Readonly<Record<string, () => Promise<void>>> = {
  async SallyportDown() {
    const server = await start('memory');
    const before = await scrape(server.metricsUrl);
    await server.close();
    servers.clear();
    await expect(scrape(server.metricsUrl)).rejects.toThrow('fetch failed');
    await runAlerts({ before, after: 'down' }, ['SallyportDown']);
  },

  async SallyportAbsent() {
    const server = await start('memory');
    const before = await scrape(server.metricsUrl);
    await runAlerts({ before, after: 'gone' }, ['SallyportAbsent']);
  },

  async SallyportDatabaseUnavailable() {
    const database = await createDatabase();
    const server = await start('Postgres', { environment: { DATABASE_URL: database.url } });
    const episode = await episodeOf(
      server,
      () => database.drop(),
      (now) => now.get('sallyport_database_up') === 0,
    );
    await runAlerts(episode, ['SallyportDatabaseUnavailable'], busy);
  },

  async SallyportErrors() {
    const fail = () => Promise.reject(new Error('A bug'));
    const server = await start('memory', {
      overrides: [replace(useCaseTokens.getProfile, { execute: fail, attempt: fail })],
    });
    const { token } = await member(server);
    const name = 'sallyport_http_requests_total{route="/users/me",method="GET",status="500"}';
    const episode = await episodeOf(
      server,
      () => times(10, () => server.request('GET /users/me', { token })),
      counted(name, 10),
    );
    await runAlerts(episode, ['SallyportErrors'], busy);
  },

  async SallyportPoolExhausted() {
    const database = await createDatabase();
    const server = await start('Postgres', { environment: { DATABASE_URL: database.url } });
    const other = new Client({ connectionString: database.url });
    await other.connect();
    onTestFinished(() => other.end());
    const before = await scrape(server.metricsUrl);
    await other.query('begin; lock table sallyport.users in access exclusive mode');
    // Look-ups of sessions would share a few connections.
    const requests = times(40, () => server.request('GET /posts'));
    await vi.waitFor(
      async () => {
        const after = await scrape(server.metricsUrl);
        expect(after.get('sallyport_database_requests_waiting')).toBeGreaterThan(0);
        await runAlerts(
          { before, after },
          ['SallyportPoolExhausted'],
          [...busy, 'SallyportErrors', 'SallyportDatabaseUnavailable'],
        );
      },
      { timeout: 20_000 },
    );
    await other.query('rollback');
    await requests;
  },

  async SallyportHashesShed() {
    const server = await start('memory', { realHashes: true });
    const { email, password } = await member(server);
    const episode = await episodeOf(
      server,
      () => times(300, () => loginAs(server, email, password)),
      counted('sallyport_hashes_shed_total', 1),
    );
    // Each of them is answered with 503.
    await runAlerts(episode, ['SallyportErrors', 'SallyportHashesShed'], busy);
  },

  async SallyportGuessing() {
    const server = await start('memory', { environment: { RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '5/minute' } });
    const { email, password } = await member(server);
    const episode = await episodeOf(
      server,
      async () => {
        await loginAs(server, email, password);
        await times(20, (index) => loginAs(server, `member${index % 3}@example.com`, 'wrong-password'));
      },
      (now) => now.get('sallyport_logins_total{outcome="rate_limited"}') === 5,
    );
    await runAlerts(episode, ['SallyportGuessing'], busy);
  },

  async SallyportMailsDelayed() {
    const clock = new ManualClock(new Date('2026-01-01T12:00:00Z'));
    const server = await start('memory', { clock });
    vi.spyOn(server.mailbox, 'send').mockRejectedValue(new Error('No connection'));
    const episode = await episodeOf(
      server,
      async () => {
        await member(server);
        await server.sendMails();
        clock.advance(31 * 60);
      },
      (now) => (now.get('sallyport_outbox_oldest_seconds') ?? 0) > 0,
    );
    await runAlerts(episode, ['SallyportMailsDelayed'], busy);
  },

  async SallyportMailsGivenUp() {
    const server = await start('memory');
    vi.spyOn(server.mailbox, 'send').mockRejectedValue(new RecipientRefusedError('550 Sender rejected'));
    const episode = await episodeOf(server, async () => {
      await times(3, () => member(server));
      await server.sendMails();
    });
    await runAlerts(episode, ['SallyportMailsGivenUp'], busy);
  },

  async SallyportKeyNotRotated() {
    const clock = new ManualClock(new Date('2026-01-01T12:00:00Z'));
    const server = await start('memory', { clock, environment: { KEY_ROTATION_DAYS: '30' } });
    await server.application.maintainKeys.execute(server.system);
    const episode = await episodeOf(
      server,
      async () => clock.advance(31 * day),
      (now) => (now.get('sallyport_signing_key_next_rotation_seconds') ?? 0) < 0,
    );
    await runAlerts(episode, ['SallyportKeyNotRotated'], busy);
  },

  async SallyportEventLoopDelayed() {
    const server = await start('memory');
    const episode = await episodeOf(server, async () => {
      const idle = () => new Promise((resolve) => setTimeout(resolve, 1500));
      await idle();
      const until = performance.now() + 700;
      while (performance.now() < until);
      await idle();
    });
    await runAlerts(episode, ['SallyportEventLoopDelayed']);
  },

  async SallyportLimitsNotShared() {
    const redis = await openRedisDouble();
    const server = await start('memory', { environment: { RATE_LIMITS: 'on', REDIS_URL: redis.url } });
    const episode = await episodeOf(
      server,
      async () => {
        redis.behave(() => '-READONLY You cannot write against a replica\r\n');
        await loginAs(server, 'ada@example.com', 'wrong-password');
      },
      (now) => now.get('sallyport_redis_up') === 0,
    );
    await runAlerts(episode, ['SallyportLimitsNotShared'], busy);
  },
};

describe('The alert', () => {
  // What causes it is in the table.
  // oxlint-disable-next-line vitest/expect-expect
  it.each(Object.keys(causes))('%s fires when its condition is caused', async (name) => causes[name]?.());

  it('is caused here, whichever it is', async () => {
    const names = [...(await readFile(rules, 'utf8')).matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(causes)));
  });
});

it('Prometheus can read every expression of the dashboard', async () => {
  const expressions = await expressionsOfDashboard();
  expect(expressions.length).toBeGreaterThan(10);
  await runSyntaxCheck(expressions);
});
