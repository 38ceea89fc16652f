import { ImportRun } from '@sallyport/core';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { compose } from '../compose.ts';
import type { Config } from '../config.ts';
import { refuseMemory } from './refuse-memory.ts';
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
  readonly json: boolean;
}

/** Imports a file, reports what became of it, and returns whether every line was accepted. */
export async function importFile(config: Config, options: ImportFileOptions): Promise<boolean> {
  refuseMemory(config);
  const input = options.file === '-' ? process.stdin : createReadStream(options.file);
  if (options.file !== '-') await once(input, 'open');
  const { application, system, close } = await compose(config);
  const tally: Tally = { lines: 0, refused: 0, imported: {}, present: {} };
  const terminal = process.stderr;
  const started = performance.now();
  try {
    const defaults = readDefaults(options.defaults, application.policy);
    const run = new ImportRun({ dryRun: options.dryRun });
    const refusals = options.refused === undefined ? undefined : await openPrivate(options.refused);
    const endProgress = showProgress(terminal, tally);
    try {
      await importLines(input, {
        kinds: kindsOf(application, system),
        run,
        defaults,
        tally,
        pause: () => delay(1_000),
        onRefused(line, reasons) {
          if (refusals) refusals.write(`${JSON.stringify({ line, reasons })}\n`);
          else terminal.write(`${terminal.isTTY ? clearLine : ''}${reasonsInWords(line, reasons)}\n`);
        },
      });
    } finally {
      endProgress();
      if (refusals) await finished(refusals.end());
    }
  } finally {
    await close();
  }
  const summary = summaryOf(tally, options.dryRun, (performance.now() - started) / 1_000);
  terminal.write(`${inWords(summary)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  return tally.refused === 0;
}
