import { command, UsageError } from './command.ts';
import { type Opened, withApplication } from './with-application.ts';
import { documentUrl } from '../document-url.ts';

/** Moves accounts, and what modules store for them, in and out. */
export const transferCommands = [
  command({
    name: 'import',
    arguments: ['FILE'],
    options: {
      'dry-run': { type: 'boolean', help: 'check every line, also against the database, and change nothing' },
      default: {
        type: 'string',
        multiple: true,
        value: 'NAME=VALUE',
        help: 'give accounts that lack this field of the profile a value; may be repeated',
      },
      refused: {
        type: 'string',
        value: 'FILE',
        help: 'write refused lines and the reasons to this file, as JSON, instead of standard error',
      },
    },
    summary: 'import accounts and what belongs to them from a file with a JSON object in each line',
    details: `FILE may be - for standard input. Run it again after an interruption: what is stored is recognised. The exit code is 3
if a line was refused. The lines are described in
${documentUrl('docs/import-format.md')}`,
    async run(call) {
      const [file = ''] = call.arguments;
      const { 'dry-run': dryRun = false, default: defaults = [], refused } = call.options;
      const { checkImportFiles } = await import('../transfer/check-import-files.ts');
      await checkImportFiles(file, refused);
      const { importFile } = await import('../transfer/import-file.ts');
      const work = (opened: Opened) => importFile(opened, { file, dryRun, defaults, refused });
      return withApplication(call, work, dryRun ? 'rehearse' : 'create');
    },
  }),
  command({
    name: 'export',
    arguments: ['[FILE]'],
    options: {
      'with-password-hashes': {
        type: 'boolean',
        help: 'include the hashes of passwords; keep such a file as safe as the database',
      },
    },
    summary: 'export all accounts and what belongs to them, in the form that import reads',
    details: 'Without FILE, or with -, it writes to standard output.',
    async run(call) {
      const [file = '-'] = call.arguments;
      const { 'with-password-hashes': withPasswordHashes = false, json } = call.options as ExportCall;
      if (file === '-' && json) throw new UsageError('--json needs a FILE for the records');
      const { exportFile } = await import('../transfer/export-file.ts');
      return withApplication(call, (opened) => exportFile(opened, { file, withPasswordHashes }));
    },
  }),
];

/** The options of an export, with the one that every command has. */
interface ExportCall {
  readonly 'with-password-hashes'?: boolean;
  readonly json?: boolean;
}
