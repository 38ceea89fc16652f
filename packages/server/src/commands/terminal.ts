import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';

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
   */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string>;
  /** All of standard input. */
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
    readInput: () => text(stdin),
  };
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
    return await prompt.question(isSecret ? '' : question, { signal: interrupted.signal });
  } catch (error) {
    if (interrupted.signal.aborted) throw new InterruptedError();
    throw error;
  } finally {
    prompt.close();
    if (isSecret) stderr.write('\n');
  }
}
