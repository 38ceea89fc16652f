import { type Command, type Outcome, UsageError } from './command.ts';
import { exitCodes, helpOn } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Prints what a command returned, and returns the exit code. */
export function report(terminal: Terminal, isJson: boolean, outcome: Outcome): number {
  const { lines = [], notes = [], json, exitCode = exitCodes.done } = outcome;
  if (isJson) terminal.say(JSON.stringify(json));
  else {
    for (const line of lines) terminal.say(line);
    for (const note of notes) terminal.tell(note);
  }
  return exitCode;
}

/** Prints why a command failed, and returns the exit code. */
export async function reportFailure(
  terminal: Terminal,
  isJson: boolean,
  error: unknown,
  commands: readonly Command[],
): Promise<number> {
  const { errorInWords } = await import('../error-in-words.ts');
  const { codeOf } = await import('./error-code.ts');
  const isUsage = error instanceof UsageError;
  const exitCode = isUsage ? exitCodes.usage : isInterrupted(error) ? exitCodes.interrupted : exitCodes.failed;
  const message = errorInWords(error);
  if (isJson) terminal.say(JSON.stringify({ error: { code: codeOf(error), message } }));
  else terminal.tell(message);
  if (isUsage && !isJson) terminal.tell(hintAt(error, commands));
  return exitCode;
}

/** A group that lacks a word is answered with its commands. */
function hintAt({ of }: UsageError, commands: readonly Command[]): string {
  if (of === undefined) return 'sallyport help lists the commands';
  const isCommand = commands.some(({ name }) => name === of);
  return isCommand ? `sallyport help ${of} explains it` : `\n${helpOn(of, commands)}`;
}

const isInterrupted = (error: unknown) => error instanceof Error && error.name === 'InterruptedError';
