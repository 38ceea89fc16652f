import { createInterface } from 'node:readline/promises';
import { buffer } from 'node:stream/consumers';
import { type Readable, Writable } from 'node:stream';
import { fromUtf8, isGarbled } from '../utf8.ts';
import { UsageError } from './command.ts';

/** What a command reads from and writes to. */
export interface Terminal {
  /** Writes a line to standard output. */
  say(line: string): void;
  /** Writes a line to standard error: a message to the operator. */
  tell(line: string): void;
  /** The columns of standard output; absent if it is no terminal. */
  readonly width?: number | undefined;
  /** Whether a person can answer questions. */
  readonly isInteractive: boolean;
  /**
   * Asks for a line. What is typed does not appear if the question is for a secret.
   *
   * @throws InterruptedError when the person presses Ctrl-C or Ctrl-D
   * @throws UsageError when the terminal does not send UTF-8
   */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string>;
  /**
   * All of standard input.
   *
   * @throws UsageError when it is not UTF-8
   */
  readInput(): Promise<string>;
}

/** A question that was not answered. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  constructor() {
    super('Interrupted');
  }
}

/**
 * The terminal of this process. When the reader of standard output is gone, as with `| head`, the process ends, unless
 * a command that writes a stream has a listener of its own.
 */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    if (stream.listenerCount('error') === 0) stream.on('error', endAtBrokenPipe);
  }
  return {
    say: (line) => void stdout.write(`${line}\n`),
    tell: (line) => void stderr.write(`${line}\n`),
    // Some terminals do not know their width.
    width: (stdout.isTTY && stdout.columns) || undefined,
    isInteractive: stdin.isTTY && stderr.isTTY,
    ask,
    readInput: () => textOf(stdin),
  };
}

/**
 * All the text of standard input.
 *
 * @throws UsageError when it is not UTF-8
 */
export async function textOf(input: Readable): Promise<string> {
  const text = fromUtf8(await buffer(input));
  if (text === undefined) throw new UsageError('Standard input is not in UTF-8');
  return text;
}

function endAtBrokenPipe(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (this.listenerCount('error') > 1) return;
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

async function ask(question: string, { isSecret = false } = {}): Promise<string> {
  const { stdin, stderr } = process;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: stdin, output: isSecret ? silent : stderr, terminal: true });
  const interrupted = new AbortController();
  prompt.on('SIGINT', () => interrupted.abort()).on('close', () => interrupted.abort());
  try {
    if (isSecret) stderr.write(question);
    const answer = await prompt.question(isSecret ? '' : question, { signal: interrupted.signal });
    if (isGarbled(answer)) throw new UsageError('What was typed is not in UTF-8');
    return answer;
  } catch (error) {
    if (interrupted.signal.aborted) throw new InterruptedError();
    throw error;
  } finally {
    prompt.close();
    if (isSecret) stderr.write('\n');
  }
}
