import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { notes } from '../../../test/secrecy.mjs';
import { type Host, main } from '../src/cli.ts';
import type { Terminal } from '../src/commands/terminal.ts';
import { keepLog } from './kept-log.ts';

/** How a command ended, and what it had said by then. */
export interface CommandEnding {
  readonly code: number;
  readonly stdout: string;
  /** The log aside. */
  readonly stderr: string;
  /** The entries of the log, unless the command was `serve`. */
  readonly log: readonly any[];
  /** What a person was asked. */
  readonly asked: readonly string[];
}

/** What stands for the person at the terminal, and for the store. */
export interface CommandOptions extends Pick<Host, 'compose'> {
  /** Answers to questions, in order; without them, no person is there. */
  readonly answers?: readonly string[];
  readonly input?: string;
  readonly width?: number;
}

const signals = ['SIGTERM', 'SIGINT'] as const;

/** An empty directory for each test of a file, in which it runs the command line within this process. */
export function eachCommandInADirectory() {
  let directory = '';
  const umask = process.umask(0o022);
  process.umask(umask);
  const listeners = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-command-'));
  });
  afterEach(async () => {
    process.umask(umask);
    for (const [signal, known] of listeners) {
      for (const added of process.listeners(signal)) if (!known.includes(added)) process.off(signal, added);
    }
    const generated = await readFile(join(directory, 'data/secret.key'), 'utf8').catch(() => '');
    notes.credentials(generated.trim());
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    path: (name: string) => join(directory, name),
    end: (words: readonly string[], environment: Readonly<Record<string, string>> = {}, options: CommandOptions = {}) =>
      run(words, directory, environment, options),
  };
}

async function run(
  words: readonly string[],
  directory: string,
  given: Readonly<Record<string, string>>,
  { answers, input = '', width, compose }: CommandOptions,
): Promise<CommandEnding> {
  notes.environment(given);
  const [stdout, stderr, log, asked]: [string[], string[], unknown[], string[]] = [[], [], [], []];
  const left = [...(answers ?? [])];
  const terminal: Terminal = {
    say: (line) => void stdout.push(`${line}\n`),
    tell(line) {
      keepLog(line);
      if (line.startsWith('{"level":')) log.push(JSON.parse(line));
      else stderr.push(`${line}\n`);
    },
    width,
    isInteractive: answers !== undefined,
    async ask(question, { isSecret = false } = {}) {
      asked.push(isSecret ? `${question}(secret)` : question);
      return left.shift() ?? '';
    },
    readInput: async () => input,
  };
  const usual = { DATA_DIR: join(directory, 'data'), PORT: '0', RATE_LIMITS: 'off' };
  const environment = { ...usual, LOG_LEVEL: words[0] === 'serve' ? 'silent' : 'trace', ...given };
  const host = { environment, envFile: join(directory, '.env'), terminal, ...(compose && { compose }) };
  const code = await main(words, host);
  return { code, stdout: stdout.join(''), stderr: stderr.join(''), log, asked };
}
