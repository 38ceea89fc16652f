import { compose } from '../compose.ts';
import type { Config } from '../config.ts';
import { exportLines } from './export-lines.ts';
import { kindsOf } from './kinds.ts';
import { writePrivate } from './private-file.ts';
import { refuseMemory } from './refuse-memory.ts';
import { counted } from './report.ts';

/** The options of the command. */
export interface ExportFileOptions {
  /** `-` is standard output. */
  readonly file: string;
  readonly withPasswordHashes: boolean;
}

/** Exports all records to a file, and returns whether the reader of standard output took all of them. */
export async function exportFile(config: Config, { file, withPasswordHashes }: ExportFileOptions): Promise<boolean> {
  refuseMemory(config);
  const { application, system, close } = await compose(config);
  const options = { kinds: kindsOf(application, system), withPasswordHashes };
  try {
    let counts: Readonly<Record<string, number>> = {};
    if (file === '-') counts = await exportLines(options, process.stdout, false);
    else {
      await writePrivate(file, async (stream) => {
        counts = await exportLines(options, stream, true);
      });
    }
    process.stderr.write(`Exported: ${counted(counts)}.\n`);
    return true;
  } catch (error) {
    // The reader, such as `head`, has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  } finally {
    await close();
  }
}
