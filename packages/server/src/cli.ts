import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UnreadableKeyError } from '@sallyport/adapters-crypto';
import { MigrationError } from '@sallyport/adapters-postgres';
import { isSallyportError } from '@sallyport/core';
import { ConfigError, readConfig, readMigrationConfig } from './config.ts';
import { manageKeys } from './manage-keys.ts';
import { planOnly, runMigrations } from './run-migrations.ts';
import { serve } from './serve.ts';

const usage = `Usage: sallyport <command>

Commands:
  serve      run the server until SIGTERM
  migrate    bring the tables up to date, then leave; with --plan, only say what that would take
  keys list | keys rotate
             show the signing keys, or have another one take over in 15 minutes

Options:
  --help     show this
  --version  show the version

It is configured by environment variables, or by a file .env beside it: see .env.example.`;

/** Standard output is for the log, standard error for messages to the operator. */
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

type Environment = Readonly<Record<string, string | undefined>>;

const commands = new Map<string, (environment: Environment) => Promise<void>>([
  ['serve', (environment) => serve(readConfig(environment), tell)],
  ['migrate', (environment) => runMigrations(readMigrationConfig(environment), tell)],
  ['migrate --plan', (environment) => planOnly(readMigrationConfig(environment), (line) => void say(line))],
  ['keys list', (environment) => manageKeys(readConfig(environment), 'list', (line) => void say(line))],
  ['keys rotate', (environment) => manageKeys(readConfig(environment), 'rotate', (line) => void say(line))],
]);

/** Runs the command line, and returns the exit status of the process. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    tell(inWords(error));
    return 1;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, version: { type: 'boolean' }, plan: { type: 'boolean' } },
  });
  const { help, version, plan, ...unknown } = values;
  if (help) return say(usage);
  if (version) return say(readVersion());

  const command = commands.get([...positionals, ...(plan === true ? ['--plan'] : [])].join(' '));
  if (!command || Object.keys(unknown).length > 0 || typeof plan === 'string') {
    tell(usage);
    return 2;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  await command(process.env);
  return 0;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

/** The message of an error if that is enough; otherwise everything that is known. */
function inWords(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message;
  if (isSallyportError(error) && error.cause instanceof UnreadableKeyError) return error.cause.message;
  if (isSallyportError(error) && error.code === 'unavailable' && error.cause instanceof Error) {
    return `The database is not available: ${error.cause.message}`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'PORT is taken: another process listens there';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST is no address of this machine';
  if (code !== undefined || process.env['LOG_LEVEL'] !== 'debug') return message;
  return (error as Error).stack ?? message;
}
