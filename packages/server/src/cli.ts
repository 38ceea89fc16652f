import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config, MigrationConfig } from './config.ts';

const usage = `Usage: sallyport <command>

Commands:
  serve      run the server until SIGTERM
  migrate    bring the tables up to date, then leave; with --plan, only say what that would take
  keys list | keys rotate | keys revoke
             show the signing keys, have another one take over in 15 minutes, or replace all of them at once: every
             access token becomes invalid, within a minute on nodes that run
  sessions end-all
             end every session of every account, and invalidate every mailed link
  import FILE | export [FILE]
             move accounts and what belongs to them: \`sallyport import --help\`, \`sallyport export --help\`
  users unslow EMAIL
             clear the failed passwords of an account, so that its logins are no longer slowed down

Options:
  --help     show this
  --version  show the version

It is configured by environment variables, or by a file .env beside it: see .env.example.`;

/** Standard output is for the log, standard error for messages to the operator. */
const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A command, with what follows its name. */
type Command = (environment: Readonly<Record<string, string | undefined>>, argument: string) => Promise<void>;

/** A command loads its code once its configuration is valid. To load a whole server takes most of a second. */
const commands = new Map<string, Command>([
  ['serve', withConfig(async (config) => (await import('./serve.ts')).serve(config, tell))],
  ['migrate', withMigrationConfig(async (config) => (await import('./run-migrations.ts')).runMigrations(config, tell))],
  [
    'migrate --plan',
    withMigrationConfig(async (config) => (await import('./run-migrations.ts')).planOnly(config, say)),
  ],
  ['keys list', withConfig(async (config) => (await import('./manage-keys.ts')).manageKeys(config, 'list', say))],
  ['keys rotate', withConfig(async (config) => (await import('./manage-keys.ts')).manageKeys(config, 'rotate', say))],
  ['keys revoke', withConfig(async (config) => (await import('./manage-keys.ts')).manageKeys(config, 'revoke', say))],
  [
    'users unslow EMAIL',
    withConfig(async (config, email) => (await import('./unslow-user.ts')).unslowUser(config, email, say)),
  ],
  ['sessions end-all', withConfig(async (config) => (await import('./end-sessions.ts')).endSessions(config, say))],
]);

function withConfig(run: (config: Config, argument: string) => Promise<void>): Command {
  return async (environment, argument) => {
    const { readConfig } = await import('./config.ts');
    await run(readConfig(environment), argument);
  };
}

function withMigrationConfig(run: (config: MigrationConfig) => Promise<void>): Command {
  return async (environment) => {
    const { readMigrationConfig } = await import('./config.ts');
    await run(readMigrationConfig(environment));
  };
}

/** Runs the command line, and returns the exit status of the process. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    const { errorInWords } = await import('./error-in-words.ts');
    tell(errorInWords(error));
    return 1;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'import' || first === 'export') {
    const { transfer } = await import('./transfer/command.ts');
    const { logToStandardError } = await import('./log.ts');
    logToStandardError();
    return transfer(first, rest, { prepare, tell, say });
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, version: { type: 'boolean' }, plan: { type: 'boolean' } },
  });
  const { help, version, plan, ...unknown } = values;
  if (help || version) {
    say(help ? usage : readVersion());
    return 0;
  }
  const words = [...positionals, ...(plan === true ? ['--plan'] : [])];
  const argument = words.at(-1) ?? '';
  const command = commands.get(words.join(' ')) ?? commands.get([...words.slice(0, -1), 'EMAIL'].join(' '));
  if (!command || Object.keys(unknown).length > 0 || typeof plan === 'string') {
    tell(usage);
    return 2;
  }
  await command(await prepare(), argument);
  return 0;
}

/** Completes the environment. Whatever creates a file from here on, only its owner may read it. */
async function prepare(): Promise<NodeJS.ProcessEnv> {
  process.umask(0o077);
  return completeEnvironment();
}

/** Adds the variables of the file `.env` to those of the process. These take precedence if they have a value. */
async function completeEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { readEnvFile } = await import('./env-file.ts');
  const { givenVariables } = await import('./given-variables.ts');
  const { warnOfDoubtfulVariables } = await import('./doubtful-variables.ts');
  const file = readEnvFile('.env');
  await warnOfDoubtfulVariables(process.env, file);
  return Object.assign(process.env, file, givenVariables(process.env));
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
