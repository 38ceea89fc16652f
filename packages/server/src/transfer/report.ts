import type { Tally } from './import-lines.ts';
import type { Reason } from './read-line.ts';

/** Milliseconds between two reports of the progress. */
const pause = 500;

/** Seconds from which on the rate of an import says something. */
const worthARate = 5;

/** Where messages to the operator go. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** What became of a file, for programs. */
export interface Summary {
  readonly dry_run: boolean;
  readonly lines: number;
  readonly imported: Readonly<Record<string, number>>;
  readonly present: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly seconds: number;
}

/** The summary of an import that took so many seconds. */
export function summaryOf({ lines, imported, present, refused }: Tally, dryRun: boolean, seconds: number): Summary {
  return { dry_run: dryRun, lines, imported, present, refused, seconds: Math.round(seconds * 10) / 10 };
}

/** The summary in words. */
export function inWords({ dry_run: dryRun, lines, imported, present, refused, seconds }: Summary): string {
  const verb = dryRun ? 'Would be imported' : 'Imported';
  const found = `Already imported: ${counted(present)}. Refused: ${refused} of ${lines} lines.`;
  const rate = seconds < worthARate ? '' : `, ${Math.round((lines * 60) / seconds)} lines a minute`;
  return `${verb}: ${counted(imported)}. ${found} ${seconds} s${rate}.`;
}

/** Numbers of records, each with its kind. */
export function counted(counts: Readonly<Record<string, number>>): string {
  const given = Object.entries(counts).map(([kind, count]) => `${count} ${count === 1 ? kind : `${kind}s`}`);
  return given.length > 0 ? given.join(', ') : 'none';
}

/** The reasons of a refused line, for people. */
export function reasonsInWords(line: number, reasons: readonly Reason[]): string {
  const words = reasons.map(({ field, reason }) => (field === undefined ? reason : `${field}: ${reason}`));
  return `line ${line}: ${words.join('; ')}`;
}

/** Shows the progress on a terminal, in one line, and nothing where there is no terminal. Returns how to end it. */
export function showProgress(terminal: Terminal, tally: Tally): () => void {
  if (terminal.isTTY !== true) return () => {};
  const started = performance.now();
  const timer = setInterval(() => {
    const { lines, refused } = tally;
    const rate = Math.round((lines * 1_000) / (performance.now() - started));
    terminal.write(`${clearLine}${lines} lines, ${refused} refused, ${rate} a second`);
  }, pause);
  return () => {
    clearInterval(timer);
    terminal.write(clearLine);
  };
}

/** Clears the line of the progress before anything else is written (ECMA-48, 8.3.41). */
export const clearLine = '\r\u001B[K';
