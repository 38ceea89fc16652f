import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { PlainPasswordHasher } from '@sallyport/adapters-memory/testing';
import { anyone } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { type CommandOptions, eachCommandInADirectory } from '../../test/run-command.ts';
import { compose, ports, readConfig, replace } from '../index.ts';

const { path, end } = eachCommandInADirectory();
const password = 'admin secret 123';

/** The command line on one store in memory, which outlives each command. */
async function onOneStore(given: Readonly<Record<string, string>> = {}) {
  const environment = { LOG_LEVEL: 'silent', DATA_DIR: path('data'), ...given };
  const inMemory = readConfig({ ...environment, DATABASE_URL: 'memory:' });
  const composed = await compose(inMemory, replace(ports.hasher, new PlainPasswordHasher()));
  await mkdir(path('data/database'), { recursive: true });
  const kept = async () => ({ ...composed, close: async () => {} });
  const run = (typed: string, options: CommandOptions = {}) =>
    end(typed.split(' '), environment, { compose: kept, ...options });
  const json = async (typed: string, options?: CommandOptions) =>
    JSON.parse((await run(`${typed} --json`, options)).stdout);
  const create = (name: string, rest = '') =>
    run(`users create ${name}@example.com --name ${name} --verified --password-stdin${rest}`, { input: password });
  const { application, system } = composed;
  const audited = async () => (await application.listAudit.execute(system, {})).items;
  const logIn = (email: string) => application.login.execute(anyone, { email, password });
  return { ...composed, run, json, create, audited, logIn };
}

describe('sallyport users create', () => {
  it('creates an admin with a password from standard input, and records who did it', async () => {
    const { run, logIn, audited } = await onOneStore();
    const typed = 'users create Root@example.com --name Root --role admin --verified --password-stdin';
    const { code, stdout, stderr } = await run(typed, { input: `${password}\r\n` });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^id +1\nemail +root@example.com\nname +Root\nrole +admin\nstate +active\n/);
    expect(await logIn('root@example.com')).toHaveProperty('accessToken');
    const created = (await audited()).find(({ type }) => type === 'user.created');
    expect(created).toMatchObject({ actorId: null, subjectId: 1, detail: { role: 'admin', by: 'system' } });
  });

  it('asks twice for a password that does not appear, and takes none of two that differ', async () => {
    const { run, logIn } = await onOneStore();
    const typed = 'users create ada@example.com --name Ada --password';
    const differing = await run(typed, { answers: [password, 'another secret 1'] });
    expect(differing).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('The two passwords differ'),
    });
    const { code, asked } = await run(typed, { answers: [password, password] });
    expect([code, asked]).toEqual([0, ['Password: (secret)', 'The same again: (secret)']]);
    expect(await logIn('ada@example.com')).toHaveProperty('accessToken');
  });

  it('mails an invitation, into a file where there is no mail server', async () => {
    const { run } = await onOneStore();
    const { code, stderr } = await run('users create ada@example.com --name Ada');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`is a file in ${path('data')}/outbox`)]);
    const [file = ''] = await readdir(path('data/outbox'));
    expect(file).toContain('invitation');
    expect(await readFile(path(`data/outbox/${file}`), 'utf8')).toMatch(/^X-Link: http/m);
  });

  it('leaves a mail to the server where there is a mail server', async () => {
    const { run, application, system } = await onOneStore({ SMTP_URL: 'smtp://127.0.0.1:1' });
    const { stderr } = await run('users create ada@example.com --name Ada');
    expect(stderr).toBe('The server sends the mail within seconds, or at its next start\n');
    expect(await application.waitingMails.execute(system)).toHaveProperty('count', 1);
  });

  it('takes fields of the profile, numbers as numbers and text as text', async () => {
    const { json } = await onOneStore();
    const typed = 'users create ada@example.com --name Ada --field age=36 --field city=1815';
    expect(await json(typed)).toMatchObject({ id: 1, age: 36, city: '1815', is_active: true, email_verified: false });
    const wrong = await json('users create bob@example.com --name Bob --field age=old');
    expect(wrong.error).toMatchObject({ code: 'validation_failed', message: expect.stringContaining('age') });
    for (const field of ['shoe=46', 'age', 'role=admin', '__proto__=1']) {
      const { error } = await json(`users create bob@example.com --name Bob --field ${field}`);
      expect(error).toEqual({ code: 'usage', message: '--field takes NAME=VALUE, with one of age, city' });
    }
  });

  it('refuses what the server refuses, with all that is wrong', async () => {
    const { run, create } = await onOneStore();
    await create('ada');
    expect(await create('ada')).toMatchObject({ code: 1, stdout: '', stderr: 'Email already registered\n' });
    const { stderr } = await run('users create x --name A --role boss');
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['name', 'email', 'role', '']);
    const weak = await run('users create b@example.com --name Bob --password-stdin', { input: 'short' });
    expect(weak).toMatchObject({ code: 1, stderr: expect.stringMatching(/^password: /) });
  });

  it('names the variable that forbids new accounts', async () => {
    const { run } = await onOneStore({ REGISTRATION: 'closed' });
    const { code, stderr } = await run('users create ada@example.com --name Ada');
    expect([code, stderr]).toEqual([2, expect.stringContaining('REGISTRATION is closed')]);
  });
});

describe('sallyport users list', () => {
  it('shows a table, page by page', async () => {
    const { run, create } = await onOneStore();
    for (const name of ['Ada', 'Bob', 'Cyd']) await create(name);
    const first = await run('users list --limit 2');
    expect(first.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ['ID', 'EMAIL', 'NAME', 'ROLE', 'STATE'],
      ['1', 'ada@example.com', 'Ada', 'user', 'active'],
      ['2', 'bob@example.com', 'Bob', 'user', 'active'],
      [''],
    ]);
    expect(first.stderr).toBe('There are more: --after 2\n');
    const second = await run('users list --limit 2 --after 2');
    expect([second.stdout, second.stderr]).toEqual([expect.stringMatching(/\n3 +cyd@example.com.*\n$/), '']);
  });

  it('finds by text, role, state, verification and external id', async () => {
    const { run, json, create } = await onOneStore();
    await create('Ada', ' --role admin');
    await create('Bob', ' --external-id b-2');
    await run('users create cyd@example.com --name Cyd');
    await run('users deactivate 2');
    const ids = async (filter: string) => (await json(`users list ${filter}`)).items.map(({ id }: any) => id);
    expect(await ids('--search CYD')).toEqual([3]);
    expect(await ids('--role admin')).toEqual([1]);
    expect(await ids('--inactive')).toEqual([2]);
    expect(await ids('--active')).toEqual([1, 3]);
    expect(await ids('--unverified')).toEqual([3]);
    expect(await ids('--external-id b-2')).toEqual([2]);
    expect(await run('users list --search nemo')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No account matches\n',
    });
  });

  it('fits the width of a terminal, and wide characters count twice', async () => {
    const { run, create } = await onOneStore();
    await create('Ada');
    await run('users create long.address.of.a.person@subdomain.example.com --name 埃达·洛夫莱斯·埃达·洛夫莱斯');
    const { stdout } = await run('users list', { width: 70 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('…');
    const { default: stringWidth } = await import('string-width');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(70);
  });
});

describe('sallyport users', () => {
  it('names an account by its address or its id', async () => {
    const { run, create } = await onOneStore();
    await create('Ada');
    const [byId, byEmail] = [await run('users show 1'), await run('users show ADA@example.com')];
    expect(byId).toMatchObject({ code: 0, stderr: '' });
    expect(byEmail.stdout).toBe(byId.stdout);
    expect(await run('users show nemo@example.com')).toMatchObject({ code: 1, stderr: 'User not found\n' });
    expect(await run('users show 99')).toMatchObject({ code: 1, stderr: 'User not found\n' });
    expect((await run('users show ada')).code).toBe(2);
  });

  it('changes role and state, except of the last active admin', async () => {
    const { run, json, create } = await onOneStore();
    await create('Ada', ' --role admin');
    await create('Bob');
    expect(await json('users role 2 admin')).toMatchObject({ id: 2, role: 'admin' });
    expect(await json('users role bob@example.com user')).toMatchObject({ id: 2, role: 'user' });
    for (const change of ['users role 1 user', 'users deactivate 1']) {
      expect(await run(change)).toMatchObject({ code: 1, stderr: 'The last active admin cannot be removed\n' });
    }
    expect(await json('users deactivate 2')).toMatchObject({ id: 2, is_active: false });
    expect(await json('users activate 2')).toMatchObject({ id: 2, is_active: true });
    expect(await run('users role 2 boss')).toMatchObject({
      code: 1,
      stderr: 'role: Must be one of "user" | "admin"\n',
    });
  });

  it('mails a link to a new password, the invitation again if there is none, and refuses a deactivated account', async () => {
    const { run, create } = await onOneStore();
    await create('Ada');
    await run('users create bob@example.com --name Bob');
    for (const id of [1, 2]) expect(await run(`users reset ${id}`)).toMatchObject({ code: 0 });
    const kinds = (await readdir(path('data/outbox'))).map((file) => file.replace(/^.*?-\d+-|\.eml$/g, ''));
    expect(kinds.toSorted()).toEqual(['invitation', 'invitation', 'reset-password']);
    await run('users deactivate 1');
    expect(await run('users reset 1')).toMatchObject({ code: 1, stderr: 'Account is deactivated\n' });
  });

  it('lists live sessions, and ends them', async () => {
    const { run, json, create, logIn } = await onOneStore();
    await create('Ada');
    expect(await run('users sessions 1')).toMatchObject({ code: 0, stdout: '', stderr: 'There is no live session\n' });
    for (let n = 0; n < 2; n += 1) await logIn('ada@example.com');
    const { items, next } = await json('users sessions 1 --limit 1');
    expect(items).toEqual([expect.objectContaining({ id: next, methods: ['pwd'], current: false })]);
    expect((await run('users sessions 1')).stdout.split('\n')).toHaveLength(4);
    expect((await json(`users sessions 1 --after ${next}`)).items).toHaveLength(1);
    expect(await run('users sessions ada@example.com --end')).toMatchObject({ code: 0 });
    expect((await json('users sessions 1')).items).toEqual([]);
  });

  it('neutralises what could control a terminal', async () => {
    const { run, create, application } = await onOneStore();
    await create('Ada');
    const userAgent = 'Lynx\u001B[2J\u009B31m\u202E\u2028';
    await application.login.execute({ userAgent }, { email: 'ada@example.com', password });
    const { stdout } = await run('users sessions 1');
    expect(stdout).toMatch(/Lynx/);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  it('clears failed passwords by address or id', async () => {
    const { run, create } = await onOneStore();
    await create('Ada');
    const stdout = 'The failed passwords of this account are cleared\n';
    for (const name of ['1', 'ada@example.com'])
      expect(await run(`users unslow ${name}`)).toMatchObject({ code: 0, stdout });
  });
});

describe('A command that cannot be undone', () => {
  it.each([
    ['keys revoke', 'Every access token becomes invalid. Replace all signing keys? [y/N] '],
    ['sessions end-all', 'All members have to log in again. End every session? [y/N] '],
  ])('asks a person first, and no script: %s', async (typed, question) => {
    const { run, create, logIn, json } = await onOneStore();
    await create('Ada');
    await logIn('ada@example.com');
    const state = async () => [await json('keys list'), (await json('users sessions 1')).items.length];
    const before = await state();
    for (const answer of ['', 'n', 'no', 'yellow']) {
      const declined = await run(typed, { answers: [answer] });
      expect(declined).toMatchObject({ code: 1, stdout: '', stderr: 'Nothing was changed\n', asked: [question] });
    }
    expect(await state()).toEqual(before);
    expect(await run(typed, { answers: ['Yes'] })).toMatchObject({ code: 0, asked: [question] });
    expect(await state()).not.toEqual(before);
    expect(await run(`${typed} --yes`, { answers: [] })).toMatchObject({ code: 0, asked: [] });
    expect(await run(typed)).toMatchObject({ code: 0, asked: [] });
  });
});

describe('An embedded database that a server has open', () => {
  it('is named, with the way to go on', async () => {
    const error = Object.assign(new Error('Another process uses the database'), { name: 'DirectoryInUseError' });
    const { code, stderr } = await end(
      ['users', 'list'],
      { DATABASE_URL: `pglite:${path('.')}` },
      { compose: () => Promise.reject(error) },
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('you can also use its API under /admin')]);
  });
});

describe('An embedded database that does not exist', () => {
  it.each([['users', 'list'], ['keys', 'list'], ['sessions', 'end-all'], ['export']])(
    'is refused by %s %s',
    async (...words) => {
      const { code, stdout, stderr } = await end(words);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('There is no database in ');
      expect(existsSync(path('data'))).toBe(false);
    },
  );
});
