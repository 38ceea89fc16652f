import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ada, eachInADirectory, login, onPostgres, registerAndLogin, send } from './sallyport-process.ts';

const { path, serve, end } = eachInADirectory();
const memory = { DATABASE_URL: 'memory:' };
const root = { email: 'root@example.com', password: 'root secret 123' };
const bootstrap = { BOOTSTRAP_ADMIN_EMAIL: root.email, BOOTSTRAP_ADMIN_PASSWORD: root.password };

describe('the first start, without any configuration', () => {
  it('tells where it listens, where the docs are, and where it keeps data and secret', async () => {
    const first = serve();
    const url = await first.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const lines = [
      `Sallyport listens on ${url}, known as http://localhost:0`,
      `  docs page   ${url}/docs`,
      '  database    embedded, in data/database',
      '  mails       no mail server: they become files in data/outbox',
      '  secret key  generated, in data/secret.key',
      '  admin       none yet. Stop the server, run this, and start it again:',
      '    npx sallyport users create EMAIL --name NAME --role admin --verified --password',
      '  or start it with BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD',
    ];
    await vi.waitFor(() => expect(first.told()).toBe(`${lines.join('\n')}\n`));
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await stat(path('data/secret.key'))).mode & 0o777).toBe(0o600);
    expect(await first.stop()).toMatchObject({ code: 0, stdout: '' });
  });
});

describe.each<[string, () => Promise<Record<string, string>>]>([
  ['PGlite', async () => ({})],
  ['Postgres', onPostgres],
])('kill -9, on %s', (_store, prepare) => {
  it('loses nothing that was acknowledged, however many writes are under way', async () => {
    const environment = { ...(await prepare()), ...bootstrap };
    const first = serve(environment);
    const url = await first.url;
    const token = await registerAndLogin(url);

    const [posts, members]: [number[], { id: number; email: string }[]] = [[], []];
    const post = { title: 'Notes on the engine', content: 'It weaves algebraical patterns.' };
    async function publish(): Promise<never> {
      for (;;) {
        const { status, body } = await send(url, '/posts', post, token);
        expect(status).toBe(201);
        posts.push(body.id);
        if (posts.length > 30 && members.length > 2) first.kill('SIGKILL');
      }
    }
    async function join(name: string): Promise<never> {
      for (let n = 1; ; n += 1) {
        const email = `${name}${n}@example.com`;
        const { status, body } = await send(url, '/auth/register', { ...ada, email });
        expect(status).toBe(201);
        members.push(body);
      }
    }
    const writers = [...Array.from({ length: 6 }, publish), join('a'), join('b')];
    for (const writer of await Promise.allSettled(writers)) {
      expect(writer).toMatchObject({ status: 'rejected', reason: { message: 'fetch failed' } });
    }
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });

    const second = serve(environment);
    const urlAgain = await second.url;
    expect(second.told()).not.toContain('generated');
    expect((await send(urlAgain, '/users/me', undefined, token)).body.email).toBe(ada.email);
    for (const id of posts) expect((await send(urlAgain, `/posts/${id}`, undefined, token)).status).toBe(200);
    const operator = await login(urlAgain, root);
    for (const { id, email } of members) {
      await login(urlAgain, { ...ada, email });
      const path = `/admin/audit?subject_id=${id}&type=user.registered`;
      expect((await send(urlAgain, path, undefined, operator)).body).toHaveLength(1);
    }
    expect((await second.stop()).code).toBe(0);
  });
});

describe('two processes on one embedded database', () => {
  it('are one too many: the second says so and ends, and can start as soon as the first is gone', async () => {
    const first = serve();
    await first.url;
    const [served, migrated] = await Promise.all([end(['serve']), end(['migrate'])]);
    for (const { code, stderr } of [served, migrated]) {
      expect(stderr).toBe(
        'Another process uses the database in data/database: stop it first, or choose another directory\n',
      );
      expect(code).toBe(1);
    }
    first.kill('SIGKILL');
    await first.ended;
    const second = serve();
    await second.url;
    await second.stop();
  });
});

describe('SIGTERM', () => {
  /** A request whose header has come, as the answer 100 shows, and whose body is still to come. */
  async function beginLogin(url: string): Promise<ClientRequest> {
    const pending = httpRequest(`${url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', expect: '100-continue' },
    });
    pending.flushHeaders();
    await once(pending, 'continue');
    return pending;
  }

  const isRefused = (url: string) =>
    vi.waitFor(() => expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed'), 10_000);

  it('accepts no more, answers whatever is in flight, and ends with 0', async () => {
    const server = serve({ ...memory, UV_THREADPOOL_SIZE: '3' });
    const url = await server.url;
    await registerAndLogin(url);
    const logins = await Promise.all(Array.from({ length: 12 }, () => beginLogin(url)));
    const answers = Promise.all(logins.map((pending) => once(pending, 'response') as Promise<[IncomingMessage]>));
    const credentials = JSON.stringify({ email: ada.email, password: ada.password });
    for (const pending of logins.slice(6)) pending.end(credentials);
    server.kill('SIGTERM');
    await isRefused(url);
    for (const pending of logins.slice(0, 6)) pending.end(credentials);
    for (const [{ statusCode }] of await answers) expect(statusCode).toBe(200);
    expect((await answers)[0]?.[0].headers.connection).toBe('close');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('followed by %s leaves at once', async (signal) => {
    const server = serve(memory);
    const url = await server.url;
    const halfSent = await beginLogin(url);
    const cut = once(halfSent, 'error');
    server.kill('SIGTERM');
    await isRefused(url);
    server.kill(signal);
    expect(await server.ended).toMatchObject({ code: 1, signal: null });
    expect(await cut).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  });

  it('during the first start never listens, ends with 0, and leaves a database that the next start can use', async () => {
    const server = serve();
    await vi.waitFor(() => expect(existsSync(path('data/database/.lock'))).toBe(true), 30_000);
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await end(['migrate'])).toMatchObject({ code: 0, stderr: 'The schema is up to date\n' });
  });
});
