import { parseArgs } from 'node:util';

const importUsage = `Usage: sallyport import FILE [options]

Imports accounts and what belongs to them from a file with a JSON object in each line, or from standard input if FILE
is -. docs/import-format.md describes the lines. Run it again after an interruption: what is stored is recognised.

Options:
  --dry-run             check every line, also against the database, and change nothing
  --default NAME=VALUE  give accounts that lack this field of the profile a value; may be repeated
  --refused FILE        write refused lines and the reasons to this file, as JSON, instead of standard error
  --json                print the summary as JSON on standard output

It ends with 0 if every line was accepted, 3 if some were refused, 1 if it failed.`;

const exportUsage = `Usage: sallyport export [FILE] [options]

Exports all accounts and what belongs to them, in the form that \`sallyport import\` reads, to FILE or to standard
output.

Options:
  --with-password-hashes  include the hashes of passwords. Keep such a file as safe as the database`;

/** What the command line provides. */
export interface CommandLine {
  /** Completes the environment, makes new files private, and keeps the log out of standard output. */
  readonly prepare: () => Promise<NodeJS.ProcessEnv>;
  readonly tell: (line: string) => void;
  readonly say: (line: string) => void;
}

/** Runs `sallyport import` or `sallyport export`, and returns the exit status of the process. */
export async function transfer(command: 'import' | 'export', args: readonly string[], line: CommandLine) {
  return command === 'import' ? runImport(args, line) : runExport(args, line);
}

async function runImport(args: readonly string[], { prepare, tell, say }: CommandLine): Promise<number> {
  const parsed = attempt(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        'dry-run': { type: 'boolean', default: false },
        default: { type: 'string', multiple: true, default: [] },
        refused: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }),
  );
  if (parsed?.values.help) return explained(importUsage, say);
  const [file, ...others] = parsed?.positionals ?? [];
  if (!parsed || file === undefined || others.length > 0) return misunderstood(importUsage, tell);
  const { 'dry-run': dryRun, default: defaults, refused, json } = parsed.values;
  const config = await configured(prepare);
  const { importFile } = await import('./import-file.ts');
  return (await importFile(config, { file, dryRun, defaults, refused, json })) ? 0 : 3;
}

async function runExport(args: readonly string[], { prepare, tell, say }: CommandLine): Promise<number> {
  const parsed = attempt(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, 'with-password-hashes': { type: 'boolean', default: false } },
    }),
  );
  if (parsed?.values.help) return explained(exportUsage, say);
  const [file = '-', ...others] = parsed?.positionals ?? [];
  if (!parsed || others.length > 0) return misunderstood(exportUsage, tell);
  const config = await configured(prepare);
  const { exportFile } = await import('./export-file.ts');
  return (await exportFile(config, { file, withPasswordHashes: parsed.values['with-password-hashes'] })) ? 0 : 1;
}

async function configured(prepare: CommandLine['prepare']) {
  const environment = await prepare();
  const { readConfig } = await import('../config.ts');
  return readConfig(environment);
}

/** The result, or `undefined` for options that do not exist. */
function attempt<Result>(parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function explained(usage: string, say: (line: string) => void): number {
  say(usage);
  return 0;
}

function misunderstood(usage: string, tell: (line: string) => void): number {
  tell(usage);
  return 2;
}
