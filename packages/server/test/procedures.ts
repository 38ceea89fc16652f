import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { notes } from '../../../test/secrecy.mjs';
import { keepLog } from './kept-log.ts';

const operations = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const launcher = fileURLToPath(new URL('../bin/sallyport.cjs', import.meta.url));

/** The commands of a procedure, in the order of the document. */
export interface Procedure {
  readonly shell: readonly string[];
  readonly sql: readonly string[];
}

/** The commands under this heading of `docs/operations.md`. */
export function procedureOf(heading: string): Procedure {
  const [, section] = operations.split(`\n### ${heading}\n`);
  const [own = ''] = section?.split(/\n##/) ?? [];
  const blocks = [...own.matchAll(/^ *```(sh|sql)\n(.*?)^ *```$/gms)];
  const of = (language: string) =>
    blocks.filter(([, its]) => its === language).map(([, , code = '']) => code.replaceAll(/^ {3}/gm, ''));
  return { shell: of('sh'), sql: of('sql') };
}

/** Runs shell commands with the real command line, in this environment alone. Returns what they said. */
export async function runShell(
  commands: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  notes.environment(environment);
  const script = `sallyport() { "${process.execPath}" "${launcher}" "$@"; }\n${commands.join('\n')}`;
  const env = { PATH: process.env['PATH'], LOG_LEVEL: 'trace', ...environment };
  const run = promisify(execFile);
  const { stdout, stderr } = await run('sh', ['-euc', script], { cwd: directory, env });
  keepLog(stdout + stderr);
  return stdout + stderr;
}

/** Runs SQL, and returns the rows of its last statement. */
export async function runSql(url: string, sql: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = (await client.query(sql)) as unknown as pg.QueryResult | pg.QueryResult[];
    return [result].flat().at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}
