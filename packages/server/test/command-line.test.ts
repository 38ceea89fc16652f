import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { eachCommandInADirectory } from './run-command.ts';
import { ada, eachInADirectory, login, onPostgres, registerAndLogin, send } from './sallyport-process.ts';
import { member, startServer } from './start-server.ts';

const { serve, end: endProcess } = eachInADirectory();
const { path, end } = eachCommandInADirectory();
const memory = { DATABASE_URL: 'memory:' };

describe('what the operator got wrong', () => {
  it.each<[what: string, environment: Record<string, string>, sentence: string]>([
    ['a bad variable', { PORT: 'hunter2' }, 'PORT must be a whole number from 0 to 65535'],
    [
      'several',
      { ...memory, SECRET_KEY: 'hunter2', LOG_LEVEL: 'hunter2' },
      'SECRET_KEY must be at least 32 bytes long\nLOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    ],
    [
      'a Postgres without a secret',
      { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/sallyport' },
      'SECRET_KEY must be given where DATABASE_URL is a Postgres: all nodes share it',
    ],
    [
      'a Postgres that is not there',
      { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/sallyport', SECRET_KEY: 'x'.repeat(32) },
      'The database is not available: connect ECONNREFUSED 127.0.0.1:1',
    ],
    [
      'a data directory that cannot be',
      { DATA_DIR: '/dev/null/data' },
      'DATA_DIR cannot be made or written to: ENOTDIR: ',
    ],
    [
      'a data directory that cannot be, where only mails would go',
      { ...memory, DATA_DIR: '/dev/null' },
      'DATA_DIR cannot be made or written to: ENOTDIR: ',
    ],
    [
      'a data directory that cannot be, where only the database would be',
      { DATA_DIR: '/dev/null', SMTP_URL: 'smtp://127.0.0.1:1', SECRET_KEY: 'x'.repeat(32) },
      'The directory of DATABASE_URL, or of DATA_DIR where that names none, cannot be made or written to: ',
    ],
    ['a host that is none', { ...memory, HOST: '192.0.2.1' }, 'HOST is no address of this machine'],
    ['a zone that is none', { ...memory, HOST: 'fe80::1%eth9' }, 'HOST is no address of this machine'],
    [
      'a weak password for the first admin',
      { ...memory, BOOTSTRAP_ADMIN_EMAIL: 'root@example.com', BOOTSTRAP_ADMIN_PASSWORD: 'hunter2' },
      'BOOTSTRAP_ADMIN_PASSWORD: ',
    ],
  ])('is told in a sentence: %s', async (_what, environment, sentence) => {
    const { code, stdout, stderr } = await end(['serve'], environment);
    expect(stderr.split('\n').filter(Boolean).length).toBe(sentence.split('\n').length);
    expect(stderr.startsWith(sentence)).toBe(true);
    expect(stderr).not.toContain('hunter2');
    expect([code, stdout]).toEqual([1, '']);
  });

  it('is told when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = await end(['serve'], { ...memory, PORT: String(port) });
    expect(taken).toMatchObject({ code: 1, stderr: `PORT is taken: another process listens on ${port}\n` });
    other.close();
  });
});

describe('a secret that is not the one of the keys', () => {
  it('is told in a sentence, and hinders neither the list of keys nor those who have the right one', async () => {
    const environment = await onPostgres();
    const right = serve(environment);
    const token = await registerAndLogin(await right.url);
    const wrong = { ...environment, SECRET_KEY: 'x'.repeat(32) };
    const stderr =
      'A signing key cannot be read: SECRET_KEY is not the one it was sealed with, nor is SECRET_KEY_PREVIOUS\n';
    expect(await end(['serve'], wrong)).toMatchObject({ code: 1, stdout: '', stderr });
    expect(await end(['keys', 'rotate'], wrong)).toMatchObject({ code: 1, stdout: '', stderr });
    expect(await end(['keys', 'list'], wrong)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\S+  active/),
    });
    expect((await send(await right.url, '/users/me', undefined, token)).status).toBe(200);
    await right.stop();
  });
});

describe('the command line', () => {
  it('says its version', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await endProcess(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('reads a file .env, over which the environment has the last word', async () => {
    await writeFile(path('.env'), 'DATABASE_URL=memory:\nLOG_LEVEL=loud\n');
    expect(await end(['migrate'])).toMatchObject({ code: 0, stderr: 'A store in memory has no schema\n' });
    await writeFile(path('.env'), 'DATABASE_URL=nowhere\n');
    expect(await end(['migrate'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^DATABASE_URL must be/) });
    expect(await end(['migrate'], memory)).toMatchObject({ code: 0 });
  });

  it.each(['', ' \t'])('reads from .env what the environment has as %j', async (empty) => {
    await writeFile(path('.env'), 'DATABASE_URL=memory:\nLOG_LEVEL=error\nCORS_ORIGIN=https://a.example\n');
    const ending = await end(['migrate'], { DATABASE_URL: empty, LOG_LEVEL: empty });
    expect(ending).toMatchObject({ code: 0, stderr: 'A store in memory has no schema\n', log: [] });
  });

  it('reads a password with a # from .env, and names the line of a quote that is not closed', async () => {
    await writeFile(path('.env'), '\uFEFFexport DATABASE_URL = memory: # for now\r\nSECRET_KEY="hunter2\r\n');
    const sentence = `${path('.env')} line 2 opens a quote that is not closed\n`;
    expect(await end(['migrate'])).toMatchObject({ code: 1, stdout: '', stderr: sentence });
    await writeFile(path('.env'), `DATABASE_URL=memory:\nSECRET_KEY=${'#'.repeat(31)}\n`);
    const short = 'SECRET_KEY must be at least 32 bytes long\n';
    expect(await end(['keys', 'list'])).toMatchObject({ code: 1, stderr: short });
    await writeFile(path('.env'), `DATABASE_URL=memory:\nSECRET_KEY=${'#'.repeat(32)}\n`);
    const read = expect.stringContaining('A store in memory is empty');
    expect(await end(['keys', 'list'])).toMatchObject({ code: 1, stderr: read });
  });

  it('warns of variables that look like its own, without their values, even if the start fails', async () => {
    await writeFile(path('.env'), 'CORS_ORIGIN=hunter2\nNODE_OPTIONS=hunter2\n');
    const ending = await end(['migrate'], { DATABASE_URL: 'nowhere', DATABSE_URL: 'hunter2', LOG_LEVEL: '"info"' });
    expect(ending).toMatchObject({ code: 1, stderr: expect.stringMatching(/^DATABASE_URL must be/) });
    const warnings = ['CORS_ORIGIN', 'NODE_OPTIONS', 'LOG_LEVEL', 'DATABSE_URL'].map((variable) =>
      expect.objectContaining({
        level: 40,
        variable,
        msg: expect.stringMatching(new RegExp(`^${variable} (is|has) `)),
      }),
    );
    expect(ending.log).toEqual(warnings);
    expect(JSON.stringify(ending)).not.toContain('hunter2');
    expect((await end(['migrate'], { ...memory, LOG_LEVEL: 'error' })).log).toEqual([]);
  });

  it('migrates, and says so the second time too', async () => {
    const environment = await onPostgres();
    expect(await end(['migrate'], environment)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Migrated: core\/0001_baseline(, \S+)*\n$/),
    });
    expect(await end(['migrate'], environment)).toMatchObject({ code: 0, stderr: 'The schema is up to date\n' });
  });
});

describe('the first admin', () => {
  const admin = { email: 'root@example.com', password: 'admin secret 123' };
  const bootstrap = { BOOTSTRAP_ADMIN_EMAIL: admin.email, BOOTSTRAP_ADMIN_PASSWORD: admin.password };

  it('is made once, on however many starts', async () => {
    const environment = { ...(await onPostgres()), ...bootstrap };
    const first = serve(environment);
    const token = await login(await first.url, admin);
    expect(first.told()).toContain(`The first admin is ${admin.email}\n`);
    expect((await send(await first.url, '/admin/users', undefined, token)).body).toHaveLength(1);
    await first.stop();

    const second = serve({ ...environment, BOOTSTRAP_ADMIN_EMAIL: 'other@example.com' });
    expect((await send(await second.url, '/admin/users', undefined, token)).body).toHaveLength(1);
    expect(second.told()).not.toContain('The first admin');
    await second.stop();
  });

  it('is not made of a member', async () => {
    const environment = await onPostgres();
    const first = serve(environment);
    await registerAndLogin(await first.url);
    await first.stop();
    expect(await end(['serve'], { ...environment, ...bootstrap, BOOTSTRAP_ADMIN_EMAIL: ada.email })).toMatchObject({
      code: 1,
      stderr:
        'BOOTSTRAP_ADMIN_EMAIL belongs to a member already. sallyport users role EMAIL admin promotes an account\n',
    });
  });

  it('is one, and so is each migration, where two nodes start at once on an empty database', async () => {
    const environment = { ...(await onPostgres()), ...bootstrap };
    const nodes = [serve(environment), serve(environment)];
    const urls = await Promise.all(nodes.map(({ url }) => url));
    expect(nodes.filter((node) => node.told().includes('The first admin is'))).toHaveLength(1);

    // A token of one node is good on the other.
    const token = await login(urls[0]!, admin);
    const { body } = await send(urls[1]!, '/admin/users', undefined, token);
    expect(body.map(({ email, role }: any) => [email, role])).toEqual([[admin.email, 'admin']]);

    const client = new pg.Client({ connectionString: environment.DATABASE_URL });
    await client.connect();
    const { rows } = await client.query(
      'select name from sallyport.sallyport_core_migrations group by name having count(*) > 1',
    );
    expect(rows).toEqual([]);
    await client.end();
    for (const node of nodes) expect((await node.stop()).code).toBe(0);
  });
});

describe('sallyport users unslow', () => {
  it('clears the failed passwords of an account, while a node runs', async () => {
    const environment = { ...(await onPostgres()), RATE_LIMITS: 'on' };
    const node = await startServer('Postgres', { environment });
    const { email, password: right } = await member(node);
    const logIn = (ip: string, password: string) => node.application.login.execute({ ip }, { email, password });
    const isRefused = (code: string) => expect.objectContaining({ code }) as object;
    for (let n = 0; n < 100; n += 1) await logIn(`100.64.${n}.1`, 'wrong-1').catch(() => {});
    const cafe = '198.51.100.7';
    await expect(logIn(cafe, 'wrong-1')).rejects.toEqual(isRefused('invalid_credentials'));
    await expect(logIn(cafe, right)).rejects.toEqual(isRefused('rate_limited'));
    const unslow = (...words: string[]) => end(['users', 'unslow', ...words], environment);
    const done = 'The failed passwords of this account are cleared\n';
    expect(await unslow(email)).toMatchObject({ code: 0, stdout: done });
    expect(await logIn(cafe, right)).toHaveProperty('accessToken');
    expect(await unslow('nemo@example.com')).toMatchObject({ code: 1, stderr: 'User not found\n' });
    expect((await unslow()).code).toBe(2);
    await node.close();
  });
});
