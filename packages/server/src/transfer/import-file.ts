import { ImportRun } from '@sallyport/core';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../commands/command.ts';
import { exitCodes } from '../commands/help.ts';
import type { Opened } from '../commands/with-application.ts';
import { readDefaults } from './defaults.ts';
import { importLines, type Tally } from './import-lines.ts';
import { kindsOf } from './kinds.ts';
import { openPrivate } from './private-file.ts';
import { clearLine, inWords, reasonsInWords, showProgress, summaryOf } from './report.ts';

/** The options of the command. */
export interface ImportFileOptions {
  /** `-` is standard input. */
  readonly file: string;
  readonly dryRun: boolean;
  /** `NAME=VALUE`, for fields of the profile. */
  readonly defaults: readonly string[];
  /** The file for the reasons of refused lines; standard error if absent. */
  readonly refused?: string | undefined;
}

const hashHint =
  'Hashes of other systems are accepted once FOREIGN_HASHES lists their formats, such as FOREIGN_HASHES=bcrypt,pbkdf2.';

/** Imports a file, reports the refused lines, and returns what became of it. */
export async function importFile(opened: Opened, options: ImportFileOptions): Promise<Outcome> {
  const { application, system } = opened;
  const defaults = readDefaults(options.defaults, application.policy);
  const input = options.file === '-' ? process.stdin : createReadStream(options.file);
  if (options.file !== '-') await once(input, 'open');
  const tally: Tally = { lines: 0, refused: 0, imported: {}, present: {} };
  const terminal = process.stderr;
  const started = performance.now();
  let hasRefusedHash = false;
  const refusals = options.refused === undefined ? undefined : await openPrivate(options.refused);
  const written = refusals && finished(refusals);
  // It is awaited below. A disk that is full ends the import there, not the process here.
  written?.catch(() => {});
  const endProgress = showProgress(terminal, tally);
  try {
    await importLines(input, {
      kinds: kindsOf(application, system),
      run: new ImportRun({ dryRun: options.dryRun }),
      defaults,
      tally,
      pause: () => delay(1_000),
      onRefused(line, reasons) {
        hasRefusedHash ||= reasons.some(({ field }) => field === 'password_hash');
        if (refusals) refusals.write(`${JSON.stringify({ line, reasons })}\n`);
        else terminal.write(`${terminal.isTTY ? clearLine : ''}${reasonsInWords(line, reasons)}\n`);
      },
    });
  } finally {
    endProgress();
    refusals?.end();
    await written;
  }
  const summary = summaryOf(tally, options.dryRun, (performance.now() - started) / 1_000);
  return {
    notes: [inWords(summary), ...(hasRefusedHash ? [hashHint] : [])],
    json: summary,
    exitCode: tally.refused === 0 ? exitCodes.done : exitCodes.partly,
  };
}
