import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { eachInADirectory, registerAndLogin } from './sallyport-process.ts';

const { path, serve } = eachInADirectory();

/** The mode of each file and directory below this one. */
async function modesBelow(directory: string): Promise<readonly (readonly [name: string, mode: string])[]> {
  const names = await readdir(directory, { recursive: true });
  return Promise.all(
    names.map(async (name) => {
      const status = await stat(join(directory, name));
      return [name, `${status.isDirectory() ? 'd' : 'f'}${(status.mode & 0o777).toString(8)}`] as const;
    }),
  );
}

it('only the owner may access what the server creates, at a start or later, in a directory that was open to all', async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  await mkdir(path('data'), { mode: 0o777 });
  const first = serve();
  await registerAndLogin(await first.url);
  const outbox = () => readdir(path('data/outbox'));
  await vi.waitFor(
    async () => expect(await outbox()).toContainEqual(expect.stringMatching(/verify-email\.eml$/)),
    30_000,
  );
  await first.stop();
  // As an earlier version, a copy or a backup may have left them.
  for (const [name, mode] of await modesBelow(path('data'))) {
    await chmod(join(path('data'), name), mode.startsWith('d') ? 0o777 : 0o666);
  }
  for (const open of ['data', 'data/database', 'data/outbox']) await chmod(path(open), 0o777);
  await writeFile(path('data/outbox/mine'), '');

  const second = serve();
  await fetch(`${await second.url}/auth/forgot-password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com' }),
  });
  await vi.waitFor(
    async () => expect(await outbox()).toContainEqual(expect.stringMatching(/reset-password\.eml$/)),
    30_000,
  );
  const check = async () => {
    const open = (await modesBelow(path('data'))).filter(([, mode]) => !['d700', 'f600'].includes(mode));
    // What was there, and the mails of the first start.
    const known = [
      ['database', 'd777'],
      ['outbox', 'd777'],
      ['outbox/mine', 'f666'],
    ];
    expect(open.filter(([name]) => !name.endsWith('verify-email.eml'))).toEqual(known);
  };
  await check();
  await second.stop();
  await check();
});
