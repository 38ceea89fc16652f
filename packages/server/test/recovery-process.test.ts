import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { listen, openMailServer } from '../../adapters-smtp/test/mail-server.ts';
import { ada, eachInADirectory, login, onPostgres, registerAndLogin, send } from './sallyport-process.ts';

const { path, serve, end } = eachInADirectory();

describe('the mails of a process that has no mail server', () => {
  /** The newest mail of a kind, once it is there. */
  const mailOf = (kind: string) =>
    vi.waitFor(
      async () => {
        const name = (await readdir(path('data/outbox'))).findLast((file) => file.endsWith(`-${kind}.eml`)) ?? '';
        return { file: path(`data/outbox/${name}`), text: await readFile(path(`data/outbox/${name}`), 'utf8') };
      },
      { timeout: 10_000, interval: 50 },
    );
  const linkIn = (text: string) => new URL(/^X-Link: (\S+)\r$/m.exec(text)?.[1] ?? 'no link');

  it('become files, whose links lead to pages that work', async () => {
    const server = serve({ DATABASE_URL: 'memory:' });
    const url = await server.url;
    await vi.waitFor(() => expect(server.told()).toContain('no mail server: they become files in data/outbox'));
    const token = await registerAndLogin(url);
    const verification = await mailOf('verify-email');
    expect((await stat(verification.file)).mode & 0o777).toBe(0o600);
    expect(verification.text).toMatch(/^To: ada@example\.com\r$/m);

    await follow(url, linkIn(verification.text), {});
    expect((await send(url, '/users/me', undefined, token)).body.email_verified).toBe(true);

    await send(url, '/auth/forgot-password', { email: ada.email });
    await follow(url, linkIn((await mailOf('reset-password')).text), { new_password: 'newSecret456' });
    await login(url, { ...ada, password: 'newSecret456' });
    expect((await send(url, '/users/me', undefined, token)).status).toBe(401);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  /** Opens the page and sends its form, as a browser does. */
  async function follow(url: string, link: URL, filledIn: Record<string, string>): Promise<void> {
    const here = new URL(link.pathname + link.search, url);
    const page = await fetch(here);
    expect(page.status).toBe(200);
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(await page.text()) ?? [];
    const token = link.searchParams.get('token') ?? '';
    const body = new URLSearchParams({ token, ...filledIn });
    expect((await fetch(new URL(action, here), { method: 'POST', body })).status).toBe(200);
  }
});

describe('a process whose mail server says nothing', () => {
  it('leaves when it is told to, and sends the mail after the next start', { timeout: 60_000 }, async () => {
    const connections = vi.fn<() => void>();
    const silent = createServer((socket) => {
      connections();
      socket.on('error', () => {}).resume();
    });
    const environment = {
      ...(await onPostgres()),
      SMTP_URL: `smtp://127.0.0.1:${await listen(silent)}`,
    };
    const server = serve(environment);
    await registerAndLogin(await server.url);
    await vi.waitFor(() => expect(connections).toHaveBeenCalled(), 15_000);
    expect(await server.stop()).toMatchObject({ code: 0 });

    const { received, port } = await openMailServer();
    const again = serve({ ...environment, SMTP_URL: `smtp://127.0.0.1:${port}` });
    await again.url;
    await vi.waitFor(() => expect(received).toHaveLength(1), 20_000);
    expect(await again.stop()).toMatchObject({ code: 0 });
  });
});

describe('signing keys on Postgres, beside a running node', () => {
  const keysOf = async (url: string): Promise<string[]> =>
    (await (await fetch(`${url}/.well-known/jwks.json`)).json()).keys.map(({ kid }: any) => kid);
  const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

  it('rotate without a restart: the next one is shown before it signs', async () => {
    const environment = await onPostgres();
    const server = serve(environment);
    const url = await server.url;
    const token = await registerAndLogin(url);
    const [first = ''] = await keysOf(url);
    expect(headerOf(token).kid).toBe(first);
    const row = (kid: string, state: string) =>
      expect.stringMatching(new RegExp(`^${kid}  ${state}\\s+signs from .+Z$`));
    const rowsOf = ({ code, stdout }: { code: number | null; stdout: string }) => {
      expect(code).toBe(0);
      return stdout.trimEnd().split('\n');
    };
    expect(rowsOf(await end(['keys', 'list'], environment))).toEqual([row(first, 'active')]);

    const rotated = rowsOf(await end(['keys', 'rotate'], environment));
    const [, second = ''] = rotated.map((text) => text.split(' ')[0] ?? '');
    expect(rotated).toEqual([row(first, 'active'), row(second, 'next')]);
    // One key waits at most: to ask again changes nothing.
    expect(rowsOf(await end(['keys', 'rotate'], environment))).toEqual(rotated);

    // A token of a key that the node does not know has it look for new ones.
    const header = JSON.stringify({ ...headerOf(token), kid: second });
    const stranger = token.replace(/^[^.]+/, Buffer.from(header).toString('base64url'));
    await vi.waitFor(
      async () => {
        expect((await send(url, '/users/me', undefined, stranger)).status).toBe(401);
        expect(await keysOf(url)).toEqual([first, second]);
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(headerOf(await login(url, ada)).kid).toBe(first);
    expect((await send(url, '/users/me', undefined, token)).status).toBe(200);
    await server.stop();
  });
});
