import { fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from '../commands/command.ts';

/**
 * Checks the files of an import before anything is opened.
 *
 * @param file that of the records; `-` is standard input
 * @param refused that of the refused lines
 * @param input the descriptor of standard input
 * @throws UsageError when the records are a directory, or the refused lines would replace them
 */
export async function checkImportFiles(file: string, refused: string | undefined, input = 0): Promise<void> {
  const records = file === '-' ? fstatSync(input, exact) : await stat(file, exact);
  if (records.isDirectory()) throw new UsageError(`${file} is a directory`, 'import');
  if (refused === undefined || records.isCharacterDevice()) return;
  // A file that does not exist yet is another one. Any other failure recurs when it is opened.
  const target = await stat(refused, exact).catch(() => undefined);
  // Links and other spellings are names of the same file.
  if (target?.dev === records.dev && target.ino === records.ino) {
    throw new UsageError('--refused names the file of the records, which it would replace', 'import');
  }
}

/** Some file systems have numbers of files that a double does not hold. */
const exact = { bigint: true } as const;
