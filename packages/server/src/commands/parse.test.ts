import { describe, expect, it } from 'vitest';
import { eachCommandInADirectory } from '../../test/run-command.ts';
import { commands } from './table.ts';

const { end } = eachCommandInADirectory();

describe('The command line', () => {
  it.each([[['--help']], [['-h']], [['help']]])('explains itself on standard output: %j', async (words) => {
    const { code, stdout, stderr } = await end(words);
    expect([code, stderr]).toEqual([0, '']);
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`  ${name} .*${summary}\n`));
    expect(stdout).toContain('Exit codes:');
  });

  it.each(commands)('explains $name, whichever way it is asked', async ({ name, summary, options }) => {
    const words = name.split(' ');
    const [asked, ...others] = await Promise.all([
      end(['help', ...words]),
      end([...words, '--help']),
      end([...words, 'x', '-h', '--nonsense']),
    ]);
    expect(others).toEqual([asked, asked]);
    expect(asked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(`^Usage: sallyport ${name}`) });
    expect(asked.stdout.toLowerCase()).toContain(summary.toLowerCase());
    for (const [option, { help }] of Object.entries(options)) {
      expect(asked.stdout.split('\n')).toContainEqual(expect.stringMatching(`^  --${option} `));
      expect(asked.stdout).toContain(help);
    }
  });

  it('lists the commands of a group, as help and as the answer to a word that is missing', async () => {
    const help = await end(['users', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('users create EMAIL') });
    expect(help.stdout).not.toContain('serve');
    const missing = await end(['users']);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe(`users needs one more word\n\n${help.stdout}`);
  });

  it('answers a call without a command with all of its help, and 2', async () => {
    const { stdout: help } = await end(['help']);
    expect(await end([])).toMatchObject({ code: 2, stdout: '', stderr: `A command is missing\n\n${help}` });
    expect(await end(['-p'])).toMatchObject({ code: 2, stdout: '', stderr: `A command comes first\n\n${help}` });
  });

  it.each([
    ['usres list', 'There is no command usres. Did you mean users list?'],
    ['user list', 'There is no command user. Did you mean users list?'],
    ['users lst', 'There is no command users lst. Did you mean users list?'],
    ['migarte', 'There is no command migarte. Did you mean migrate?'],
    ['session', 'There is no command session. Did you mean sessions?'],
    ['help docter', 'There is no command docter. Did you mean doctor?'],
  ])('suggests a command for %s', async (typed, sentence) => {
    const stderr = `${sentence}\nsallyport help lists the commands\n`;
    expect(await end(typed.split(' '))).toMatchObject({ code: 2, stdout: '', stderr });
  });

  it.each([
    ['frobnicate', 'There is no command frobnicate'],
    ['serve migrate', 'There are too many arguments'],
    ['serve --port=80', "Unknown option '--port'"],
    ['serve --plan', "Unknown option '--plan'"],
    ['migrate --plan=now', "Option '--plan' does not take an argument"],
    ['migrate plan', 'There are too many arguments'],
    ['migrate --force', "Unknown option '--force'"],
    ['users list --limit', "Option '--limit <value>' argument missing"],
    ['users show', 'EMAIL|ID is missing'],
    ['users role 1', 'ROLE is missing'],
    ['users show a@example.com hunter2', 'There are too many arguments'],
    ['users create a@example.com', '--name is missing'],
    ['users create a@example.com --name A --password=hunter2', "Option '--password' does not take an argument"],
    ['users create a@example.com --name A --password --invite', '--invite, --password and --password-stdin exclude'],
    ['users create a@example.com --name Z\uFFFDe --invite', 'An argument is not in UTF-8'],
    ['users create a@example.com --name A --password', '--password needs a terminal: use --password-stdin'],
    ['users list --active --inactive', '--active and --inactive exclude each other'],
    ['users list --limit many', '--limit must be a whole number'],
    ['users list --after -1', "Option '--after' argument is ambiguous"],
    ['calibrate --target-ms 0', 'A limit must be more than 0'],
  ])('does not understand %s, says so and ends with 2', async (typed, sentence) => {
    const ending = await end(typed.split(' '), { DATABASE_URL: 'memory:' });
    expect(ending).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
    expect(ending.stderr).not.toContain('hunter2');
  });

  it('leads to the help of the command that was called', async () => {
    for (const typed of ['users list --limit many', 'users list --limit']) {
      const { stderr } = await end(typed.split(' '), { DATABASE_URL: 'memory:' });
      expect(stderr).toMatch(/sallyport help users list explains it\n$/);
    }
  });

  it.each(commands.flatMap(({ name }) => (/^(users|keys|sessions) /.test(name) ? name : [])))(
    'refuses %s on a store that would end with it',
    async (name) => {
      const given = { 'users create': ['a@example.com', '--name', 'A', '--invite'], 'users role': ['1', 'admin'] }[
        name
      ];
      const needsAccount = commands.some((one) => one.name === name && one.arguments.length > 0);
      const words = [...name.split(' '), ...(given ?? (needsAccount ? ['1'] : []))];
      const { code, stdout, stderr } = await end(words, { DATABASE_URL: 'memory:', LOG_LEVEL: 'silent' });
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('A store in memory is empty')]);
    },
  );

  it('answers in JSON on standard output, whatever goes wrong', async () => {
    const cases: readonly [string, number, string][] = [
      ['users lst --json', 2, 'usage'],
      ['users list --json --limit=x', 2, 'usage'],
      ['--json', 2, 'usage'],
      ['serve --json', 2, 'usage'],
      ['users show 7 --json', 1, 'user_not_found'],
      ['users show @ --json', 1, 'validation_failed'],
    ];
    await end(['migrate'], { DATABASE_URL: 'pglite:' });
    for (const [typed, code, named] of cases) {
      const ending = await end(typed.split(' '), { DATABASE_URL: 'pglite:', LOG_LEVEL: 'silent' });
      expect(ending).toMatchObject({ code, stderr: '' });
      expect(JSON.parse(ending.stdout)).toEqual({ error: { code: named, message: expect.stringMatching(/./) } });
    }
    const wrong = await end(['keys', 'list', '--json'], { DATABASE_URL: 'nowhere' });
    expect(JSON.parse(wrong.stdout)).toHaveProperty('error.code', 'configuration_invalid');
  });

  it('says help and version in JSON too', async () => {
    for (const words of [['--version'], ['help'], ['users', 'list', '--help']]) {
      const { code, stdout } = await end([...words, '--json']);
      expect([code, typeof JSON.parse(stdout).message]).toEqual([0, 'string']);
    }
  });
});
