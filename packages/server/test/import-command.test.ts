import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { eachCommandInADirectory } from './run-command.ts';

/** A hash of `secret123`. */
const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$WXwPzJPWqB6kxWjGzIIqJDMqzrPWaTWvAzUv0c3wpbY';
const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const records = [
  { id: 900, name: 'Ada', email: 'Ada@example.com', age: 36, created_at: '2019-01-01', password_hash: passwordHash },
  { external_id: "it's 1", name: 'Zoë "Z" \\', email: 'zoe@example.com', role: 'admin', email_verified: true },
  { name: 'Bob', email: 'bob@example.com', is_active: false, created_at: '2020-02-03T04:05:06.789Z', city: 'Bath' },
  { type: 'post', id: 30, ...text, author_id: 900, published: true, created_at: '2020-01-01' },
  { type: 'post', ...text, content: '🜁\r\n\t'.repeat(500), author_external_id: "it's 1", created_at: '2021-01-01' },
];
const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');

let folder: string;
let postgres: Record<string, string>;
const printed = { out: '', err: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-import-'));
  postgres = await databaseOf(await createDatabase());
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  Object.assign(printed, { out: '', err: '' });
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => Boolean((printed.out += String(part))));
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => Boolean((printed.err += String(part))));
});
afterEach(() => vi.restoreAllMocks());

const databaseOf = async ({ url }: { readonly url: string }) => ({
  DATABASE_URL: url,
  SECRET_KEY: 'a secret key for tests, long enough',
  LOG_LEVEL: 'silent',
});
const path = (name: string) => join(folder, name);

const { end } = eachCommandInADirectory();

/** Runs a command, and returns its exit status and what it printed, to its terminal or to the streams of the process. */
async function run(command: 'import' | 'export', args: readonly string[], environment: Record<string, string>) {
  const { code, stdout, stderr } = await end([command, ...args], environment);
  return { code, out: printed.out + stdout, err: printed.err + stderr };
}

describe('The commands import and export', () => {
  it('rehearse an import without a database, create none, and say that a file is missing', async () => {
    await writeFile(path('rehearsed.ndjson'), lines(records));
    const environment = { LOG_LEVEL: 'silent', DATA_DIR: path('data') };
    const options = ['--dry-run', '--json', '--default', 'city=Turin'];
    const dry = await run('import', [path('rehearsed.ndjson'), ...options], environment);
    expect(JSON.parse(dry.out)).toMatchObject({ dry_run: true, imported: { user: 3, post: 2 }, refused: 0 });
    Object.assign(printed, { out: '', err: '' });
    const missing = await run('import', [path('none.ndjson'), '--dry-run'], environment);
    expect([missing.code, missing.err]).toEqual([1, `There is no file ${path('none.ndjson')}\n`]);
    expect(existsSync(path('data'))).toBe(false);
  });

  it('import a file once, however often it runs, and say what became of it', async () => {
    const bad = { name: 'Eve', email: 'ada@example.com' };
    await writeFile(path('first.ndjson'), lines([...records, bad]));
    const args = [path('first.ndjson'), '--json', '--default', 'city=Turin'];
    const dry = await run('import', [...args, '--dry-run'], postgres);
    expect(dry.code).toBe(3);
    expect(JSON.parse(dry.out)).toMatchObject({ dry_run: true, imported: { user: 3, post: 2 }, refused: 1 });
    expect(dry.err).toContain('line 6: email: Is the same as in an earlier record\n');

    Object.assign(printed, { out: '', err: '' });
    const first = await run('import', [...args, '--refused', path('refused.ndjson')], postgres);
    expect(first.code).toBe(3);
    const summary = { dry_run: false, lines: 6, imported: { user: 3, post: 2 }, present: {}, refused: 1 };
    expect(JSON.parse(first.out)).toEqual({ ...summary, seconds: expect.any(Number) });
    expect(first.err).toBe('');
    expect(await readFile(path('refused.ndjson'), 'utf8')).toBe(
      '{"line":6,"reasons":[{"field":"email","reason":"Is the same as in an earlier record"}]}\n',
    );

    await writeFile(path('first.ndjson'), lines(records));
    Object.assign(printed, { out: '', err: '' });
    const again = await run('import', args, postgres);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ imported: {}, present: { user: 3, post: 2 }, refused: 0 });
    expect((await run('import', [path('first.ndjson')], postgres)).err).toMatch(
      /^Imported: none\. Already imported: 3 users, 2 posts\. Refused: 0 of 5 lines\. [^\n]*\n$/,
    );
  });

  it('leave the records alone where --refused names the same file, and create no database', async () => {
    const content = lines([...records, { name: 'Eve' }]);
    await writeFile(path('same.ndjson'), content);
    const environment = { LOG_LEVEL: 'silent', DATA_DIR: path('none') };
    for (const options of [[], ['--dry-run']]) {
      Object.assign(printed, { out: '', err: '' });
      const args = [path('same.ndjson'), '--refused', `${folder}/./same.ndjson`, ...options];
      const { code, err } = await run('import', args, environment);
      expect([code, err]).toEqual([2, expect.stringContaining('--refused names the file of the records')]);
    }
    expect(await readFile(path('same.ndjson'), 'utf8')).toBe(content);
    const { code, err } = await run('import', [folder], environment);
    expect([code, err]).toEqual([2, expect.stringContaining(`${folder} is a directory\n`)]);
    expect(existsSync(path('none'))).toBe(false);
  });

  it('export a private file, which gives the same bytes after an import into another kind of database', async () => {
    expect(await run('export', [path('a.ndjson'), '--with-password-hashes'], postgres)).toMatchObject({
      code: 0,
      err: 'Exported: 3 users, 2 posts.\n',
    });
    const exported = await readFile(path('a.ndjson'), 'utf8');
    expect(exported.split('\n')[0]).toBe(
      `{"type":"user","id":900,"name":"Ada","email":"ada@example.com","email_verified":false,"role":"user","is_active":true,"created_at":"2019-01-01T00:00:00.000Z","age":36,"city":"Turin","password_hash":"${passwordHash}"}`,
    );
    expect((await stat(path('a.ndjson'))).mode & 0o777).toBe(0o600);

    const embedded = { DATA_DIR: path('data'), LOG_LEVEL: 'silent' };
    expect((await run('import', [path('a.ndjson')], embedded)).code).toBe(0);
    await run('export', [path('b.ndjson'), '--with-password-hashes'], embedded);
    expect(await readFile(path('b.ndjson'), 'utf8')).toBe(exported);
  });

  it('export to standard output, where no other JSON may stand', async () => {
    const { code, out, err } = await run('export', [], postgres);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['user', 'user', 'user', 'post', 'post']);
    expect([code, err]).toEqual([0, 'Exported: 3 users, 2 posts.\n']);
    expect(await run('export', ['--json'], postgres)).toMatchObject({ code: 2 });
  });

  it.each([
    [['import'], 'FILE is missing'],
    [['import', 'a', 'b'], 'There are too many arguments'],
    [['export', 'a', 'b'], 'There are too many arguments'],
  ] as const)('end with 2 when they are not understood: %j', async ([command, ...args], sentence) => {
    const { code, out, err } = await run(command, args, postgres);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });

  it('fail with a sentence on a store in memory, a file that does not exist and a default that is none', async () => {
    const memory = { DATABASE_URL: 'memory:', LOG_LEVEL: 'silent' };
    const ends = 'A store in memory is empty and ends with this command';
    const fails = (sentence: string) => ({ code: 1, err: expect.stringContaining(sentence) as string });
    expect(await run('import', [path('first.ndjson')], memory)).toMatchObject(fails(ends));
    expect(await run('export', [], memory)).toMatchObject(fails(ends));
    expect(await run('import', [path('none')], postgres)).toMatchObject(fails('There is no file'));
    const args = [path('first.ndjson'), '--default', 'hobby=chess'];
    const sentence = '--default hobby=chess names no field of the profile';
    expect(await run('import', args, postgres)).toMatchObject(fails(sentence));
  });
});
