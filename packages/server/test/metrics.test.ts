import { ManualClock } from '@sallyport/adapters-memory/testing';
import { RecipientRefusedError, SallyportError } from '@sallyport/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parts, ports, replace, useCaseTokens, wrap } from '../src/index.ts';
import { connectRaw, sendRequest } from './raw-socket.ts';
import { changesBy, type Scrape, scrape } from './scrape.ts';
import { member, startServer, type TestServer, type TestServerOptions } from './start-server.ts';

const measured = { METRICS_PORT: '0' };
const credentials = (email: string, password: string) => ({ json: { email, password } });

let servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
});

async function start(options: TestServerOptions = {}, store: 'memory' | 'Postgres' = 'memory'): Promise<TestServer> {
  const server = await startServer(store, { ...options, environment: { ...measured, ...options.environment } });
  servers.push(server);
  return server;
}

it('Every series that can be known beforehand begins at 0', async () => {
  const { metricsUrl } = await start();
  const first = await scrape(metricsUrl);
  const counts = [...first].filter(([series]) => /^sallyport_\w+(total|_count|_bucket)\b/.test(series));
  expect(new Set(counts.map(([, value]) => value))).toEqual(new Set([0]));
  expect([...first.keys()]).toEqual(
    expect.arrayContaining([
      'sallyport_http_requests_total{route="/users/{id}",method="GET",status="404"}',
      'sallyport_http_requests_total{route="/posts",method="POST",status="500"}',
      'sallyport_http_requests_total{route="/health/ready",method="GET",status="503"}',
      'sallyport_http_requests_total{route="/",method="GET",status="302"}',
      'sallyport_http_requests_total{route="/users/me",method="DELETE",status="none"}',
      'sallyport_http_requests_total{route="none",method="none",status="408"}',
      'sallyport_http_request_duration_seconds_count{route="/auth/login",method="POST"}',
      'sallyport_refusals_total{code="internal_error"}',
      'sallyport_refusals_total{code="none"}',
      'sallyport_refusals_total{code="posts.not_found"}',
      'sallyport_logins_total{outcome="invalid_credentials"}',
      'sallyport_rate_limit_refusals_total{use_case="login"}',
      'sallyport_hashes_shed_total',
      'sallyport_mails_total{outcome="given_up"}',
      'sallyport_connections_refused_total',
      'sallyport_connections_replaced_total',
    ]),
  );
  expect(first.has('sallyport_http_requests_total{route="/",method="GET",status="200"}')).toBe(false);
});

describe('A measured server', () => {
  it('counts logins by outcome, whichever route they take', async () => {
    const server = await start();
    const { email, password } = await member(server);
    const login = (words: string) => server.request('POST /auth/login', credentials(email, words));
    await expect
      .poll(
        await changesBy(server, 'sallyport_logins_total', async () => {
          await login(password);
          await login('wrong-password');
          await server.request('POST /auth/token', { form: { username: email, password } });
          await server.request('POST /auth/login', { json: {} });
        }),
      )
      .toEqual({
        'sallyport_logins_total{outcome="succeeded"}': 2,
        'sallyport_logins_total{outcome="invalid_credentials"}': 1,
        'sallyport_logins_total{outcome="validation_failed"}': 1,
      });
  });

  it('counts what a rate limit refuses, by use case', async () => {
    const server = await start({ environment: { RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '1/hour' } });
    const login = () => server.request('POST /auth/login', credentials('ada@example.com', 'wrong-password'));
    await expect
      .poll(await changesBy(server, 'sallyport_rate_limit_refusals_total', async () => [await login(), await login()]))
      .toEqual({
        'sallyport_rate_limit_refusals_total{use_case="login"}': 1,
      });
  });

  it('measures hashes, and counts those that are shed', async () => {
    let isFull = false;
    const server = await start({
      overrides: [
        wrap(ports.hasher, (inner) => ({
          hash: (password) => inner.hash(password),
          async verify(password, hash) {
            if (isFull) throw new SallyportError('unavailable', { retryAfter: 2 });
            return inner.verify(password, hash);
          },
          accepts: (hash) => inner.accepts(hash),
          needsRehash: (hash) => inner.needsRehash(hash),
        })),
      ],
    });
    const { email, password } = await member(server);
    const login = () => server.request('POST /auth/login', credentials(email, password));
    await expect.poll(await changesBy(server, 'sallyport_hash_duration_seconds_count', login)).toEqual({
      'sallyport_hash_duration_seconds_count{operation="verify"}': 1,
    });
    isFull = true;
    await expect
      .poll(await changesBy(server, 'sallyport_hashes_shed_total', login))
      .toEqual({ sallyport_hashes_shed_total: 1 });
  });

  it('shows how many hashes run and wait', async () => {
    const server = await start({ realHashes: true });
    const logins = Array.from({ length: 30 }, () =>
      server.request('POST /auth/login', credentials('ada@example.com', 'wrong-password')),
    );
    await vi.waitFor(
      async () => {
        const now = await scrape(server.metricsUrl);
        expect(now.get('sallyport_hashes_running')).toBeGreaterThan(0);
        expect(now.get('sallyport_hashes_waiting')).toBeGreaterThan(0);
      },
      { interval: 2 },
    );
    await Promise.all(logins);
    const after = await scrape(server.metricsUrl);
    expect([after.get('sallyport_hashes_running'), after.get('sallyport_hashes_waiting')]).toEqual([0, 0]);
  });

  it('counts what becomes of mails, and shows those that wait', async () => {
    const clock = new ManualClock(new Date('2026-01-01T12:00:00Z'));
    const server = await start({ clock });
    const { email } = await member(server);
    const waiting = (now: Scrape) => [now.get('sallyport_outbox_waiting'), now.get('sallyport_outbox_oldest_seconds')];
    clock.advance(90);
    expect(waiting(await scrape(server.metricsUrl))).toEqual([1, 90]);

    const name = 'sallyport_mails_total';
    const send = vi.spyOn(server.mailbox, 'send').mockRejectedValueOnce(new Error('No connection'));
    await expect
      .poll(await changesBy(server, name, () => server.sendMails()))
      .toEqual({ [`${name}{outcome="failed"}`]: 1 });
    clock.advance(60);
    await expect
      .poll(await changesBy(server, name, () => server.sendMails()))
      .toEqual({ [`${name}{outcome="sent"}`]: 1 });

    send.mockRejectedValue(new RecipientRefusedError('550 No such mailbox'));
    await server.request('POST /auth/forgot-password', { json: { email } });
    await expect.poll(await changesBy(server, name, () => server.sendMails())).toEqual({
      [`${name}{outcome="failed"}`]: 1,
      [`${name}{outcome="given_up"}`]: 1,
    });
  });

  it('counts mails that a limit withholds', async () => {
    const server = await start({ environment: { RATE_LIMITS: 'on' } });
    const { email } = await member(server);
    const forget = () => server.request('POST /auth/forgot-password', { json: { email } });
    const name = 'sallyport_mails_total{outcome="withheld"}';
    const ask = async () => {
      for (let times = 0; times < 4; times += 1) await forget();
      await server.sendMails();
    };
    await expect.poll(await changesBy(server, name, ask)).toEqual({ [name]: expect.any(Number) });
  });

  it('shows the age of the active key, and when the next one signs', async () => {
    const clock = new ManualClock(new Date('2026-01-01T12:00:00Z'));
    const server = await start({ clock, environment: { KEY_ROTATION_DAYS: '2' } });
    await server.application.maintainKeys.execute(server.system);
    const hour = 3600;
    clock.advance(6 * hour);
    const before = await scrape(server.metricsUrl);
    expect(before.get('sallyport_signing_key_age_seconds')).toBe(6 * hour);
    expect(before.get('sallyport_signing_key_next_rotation_seconds')).toBe(42 * hour);
  });

  it('shows the time until a key that is published signs', async () => {
    const server = await start({ clock: new ManualClock(new Date('2026-01-01T12:00:00Z')) });
    await server.application.rotateKeys.execute(server.system);
    const now = await scrape(server.metricsUrl);
    expect(now.get('sallyport_signing_key_next_rotation_seconds')).toBe(15 * 60);
  });

  it('shows the pool of Postgres, and whether it answers', async () => {
    const server = await start({}, 'Postgres');
    await member(server);
    const now = await scrape(server.metricsUrl);
    const names = ['up', 'connections', 'connections_idle', 'requests_waiting'];
    const [up, open, idle, waiting] = names.map((name) => now.get(`sallyport_database_${name}`));
    expect([up, waiting]).toEqual([1, 0]);
    expect(open).toBeGreaterThan(0);
    expect(idle).toBeLessThanOrEqual(open ?? 0);
  });

  it('shows that a database does not answer, and leaves out what it cannot know then', async () => {
    const server = await start({
      overrides: [
        wrap(parts.database, (database) => ({
          ...database,
          ready: () => Promise.reject(new SallyportError('unavailable')),
        })),
        replace(useCaseTokens.waitingMails, {
          execute: () => Promise.reject(new SallyportError('unavailable')),
          attempt: () => Promise.reject(new SallyportError('unavailable')),
        }),
      ],
    });
    const now = await scrape(server.metricsUrl);
    expect(now.get('sallyport_database_up')).toBe(0);
    expect(now.has('sallyport_outbox_waiting')).toBe(false);
    expect(now.has('sallyport_signing_key_age_seconds')).toBe(true);
  });

  it('counts connections that were replaced beyond the limit', async () => {
    const server = await start({
      overrides: [wrap(parts.httpOptions, (options) => ({ ...options, maxConnections: 1 }))],
    });
    const idle = connectRaw(server.url);
    await idle.connected;
    await expect
      .poll(await changesBy(server, 'sallyport_connections', () => sendRequest(server, 'GET /health/live HTTP/1.1')))
      .toEqual({ sallyport_connections_replaced_total: 1 });
    await idle.closed;
  });

  it('answers at /metrics alone, and counts the connections of clients alone', async () => {
    const server = await start();
    const url = server.metricsUrl ?? '';
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    const response = await fetch(url);
    expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await scrape(url)).get('sallyport_open_connections')).toBe(1);
  });
});
