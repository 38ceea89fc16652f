import type { Outcome } from '../commands/command.ts';
import { exitCodes } from '../commands/help.ts';
import type { Opened } from '../commands/with-application.ts';
import { exportLines } from './export-lines.ts';
import { kindsOf } from './kinds.ts';
import { writePrivate } from './private-file.ts';
import { counted } from './report.ts';

/** The options of the command. */
export interface ExportFileOptions {
  /** `-` is standard output. */
  readonly file: string;
  readonly withPasswordHashes: boolean;
}

/** Exports all records to a file, and returns how many. It fails silently if nothing reads its output to the end. */
export async function exportFile(
  { application, system }: Opened,
  { file, withPasswordHashes }: ExportFileOptions,
): Promise<Outcome> {
  const options = { kinds: kindsOf(application, system), withPasswordHashes };
  let exported: Readonly<Record<string, number>> = {};
  try {
    if (file === '-') exported = await exportLines(options, process.stdout, false);
    else {
      await writePrivate(file, async (stream) => {
        exported = await exportLines(options, stream, true);
      });
    }
  } catch (error) {
    // The reader, such as `head`, has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return { json: undefined, exitCode: exitCodes.failed };
    throw error;
  }
  return { notes: [`Exported: ${counted(exported)}.`], json: { exported } };
}
