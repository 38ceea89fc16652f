import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A part of the tables, with its own migrations and bookkeeping: the core, or a module.
 *
 * The directory contains `*.sql`, which are applied in order of their numbers (`0001_baseline.sql`). They create tables
 * by `create table name (`, name them without a schema, and run in one transaction with everything else. A file states above its first statement which
 * tables it locks longer than a row, and which of them it rewrites: `-- Locks: users ACCESS EXCLUSIVE`, `-- Rewrites:
 * users`.
 *
 * Its directory `concurrent` contains indexes that are created while the tables are in use. Each file has the name of
 * its index and one statement: `create index concurrently users_search on users using gin (search)`.
 *
 * Its directory `backfills` contains statements that fill a new column while the tables are in use. Each file has one
 * `update` of some rows that are not filled yet, which is repeated until it returns none: `update users set locale = 'en'
 * where id in (select id from users where locale is null limit 1000) returning id`. It comes with the migration that
 * adds the column.
 */
export interface MigrationPart {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
  /** An absolute path. */
  readonly directory: string;
  /** Whether the first version had its tables, as the baseline creates them; `false` if absent. */
  readonly wasInFirstVersion?: boolean | undefined;
}

/** A lock on an existing table. */
export interface TableLock {
  readonly table: string;
  /** The lock mode (PostgreSQL manual, "Explicit Locking"). */
  readonly mode: string;
}

/** A file of SQL, and what it states about itself. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
  readonly locks: readonly TableLock[];
  readonly rewrites: readonly string[];
}

export interface Index {
  readonly name: string;
  readonly table: string;
  readonly statement: string;
}

/** A statement that fills some rows and returns them. It is repeated until none is left. */
export interface Backfill {
  /** With the name of its part: `core/0002_locale`. */
  readonly name: string;
  readonly statement: string;
}

/** A part, with the files of its directory. */
export interface PartFiles extends MigrationPart {
  /** The table that records which of its migrations were applied. */
  readonly bookkeeping: string;
  readonly files: readonly MigrationFile[];
  readonly indexes: readonly Index[];
  readonly backfills: readonly Backfill[];
  /** The tables that its migrations create. */
  readonly tables: readonly string[];
}

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Accounts, sessions, links, mails, audit, keys and limits. */
export const coreMigrations: MigrationPart = {
  name: 'core',
  directory: join(migrations, 'core'),
  wasInFirstVersion: true,
};

/**
 * The core's part and those of modules, in order.
 *
 * @throws RangeError when two parts have the same name
 */
export async function readParts(modules: readonly MigrationPart[]): Promise<readonly PartFiles[]> {
  const names = [coreMigrations, ...modules].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`Two parts of the migrations are named ${twice}`);
  return Promise.all([coreMigrations, ...modules].map(readPart));
}

/** The four migrations of the first version. */
export const firstVersionMigrations: MigrationPart = {
  name: 'first-version',
  directory: join(migrations, 'first-version'),
};

/** The directory of the SQL that turns the tables of the first version into those of the baselines. */
export const takeOverDirectory = join(migrations, 'take-over');

/** @throws RangeError when its name cannot be part of a table's name */
async function readPart({ name, directory, wasInFirstVersion }: MigrationPart): Promise<PartFiles> {
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(name)) throw new RangeError(`A part of the migrations cannot be named ${name}`);
  return {
    name,
    directory,
    wasInFirstVersion,
    bookkeeping: `sallyport_${name}_migrations`,
    ...(await readDirectory(directory)),
    backfills: (await readSql(join(directory, 'backfills'))).map((file) => toBackfill(name, file)),
  };
}

export async function readDirectory(directory: string): Promise<Pick<PartFiles, 'files' | 'indexes' | 'tables'>> {
  const files = (await readSql(directory)).map(describe);
  const indexes = (await readSql(join(directory, 'concurrent'))).map(toIndex);
  const tables = files.flatMap(({ name, text }) => tablesOf(name, text));
  return { files, indexes, tables };
}

/** @throws Error for a table whose name cannot be read, or that may be another application's */
function tablesOf(file: string, text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim().toLowerCase());
  return lines
    .filter((line) => line.startsWith('create') && line.split(/\s+/)[1] === 'table')
    .map((line) => {
      const [, name] = /^create table ([a-z_][a-z0-9_]*) \(/.exec(line) ?? [];
      if (name === undefined) throw new Error(`${file}.sql must name each table plainly, in a line of its own`);
      return name;
    });
}

interface SqlFile {
  readonly name: string;
  readonly text: string;
}

async function readSql(directory: string): Promise<readonly SqlFile[]> {
  const names = (await namesIn(directory)).filter((name) => /^[^.].*\.sql$/s.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: basename(name, '.sql'),
      text: await readFile(join(directory, name), 'utf8'),
    })),
  );
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const isOptional = ['concurrent', 'backfills'].includes(basename(directory));
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && isOptional) return [];
    throw error;
  }
}

function describe({ name, text }: SqlFile): MigrationFile {
  const locks = Array.from(text.matchAll(/^-- Locks: (\w+) ([A-Z ]+)$/gm), ([, table = '', mode = '']) => ({
    table,
    mode,
  }));
  return { name, text, locks, rewrites: valuesOf(text, /^-- Rewrites: (\w+)$/gm) };
}

function valuesOf(text: string, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([, value = '']) => value);
}

/** The statements of a file, without comments. */
function statementsOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('--'));
  return lines.join('\n').trim().split(';').filter(Boolean);
}

function toBackfill(part: string, { name, text }: SqlFile): Backfill {
  const [statement = '', ...others] = statementsOf(text);
  const isBatch = [/^update\s/i, /\blimit \d+\b/i, /\breturning\s/i].every((part) => part.test(statement));
  if (!isBatch || others.length > 0) {
    throw new Error(`${name}.sql must contain one update with a limit that returns its rows`);
  }
  return { name: `${part}/${name}`, statement };
}

function toIndex({ name, text }: SqlFile): Index {
  const [statement = '', ...others] = statementsOf(text);
  const words = statement.split(/\s+/).filter((word) => word !== 'unique');
  const [create, index, concurrently, created, on, table] = words;
  const isCreation = `${create} ${index} ${concurrently} ${on}` === 'create index concurrently on';
  if (!isCreation || created !== name || table === undefined || others.length > 0) {
    throw new Error(`${name}.sql must contain one statement that creates the index ${name} concurrently`);
  }
  return { name, table, statement };
}
