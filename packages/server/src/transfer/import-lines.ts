import { type ImportResult, type ImportRun, isSallyportError } from '@sallyport/core';
import { toPointer } from '@sallyport/http-api';
import type { Kind } from './kinds.ts';
import { linesOf } from './lines.ts';
import { readLine, type Reason } from './read-line.ts';

/** What became of the lines of a file. */
export interface Tally {
  lines: number;
  refused: number;
  /** The numbers of records by their kind. */
  readonly imported: Record<string, number>;
  readonly present: Record<string, number>;
}

/** How a file is imported. */
export interface ImportOptions {
  readonly kinds: readonly Kind[];
  readonly run: ImportRun;
  /** The values of fields that accounts lack, by their names on the wire. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Waits a second before it asks the database again that was not available. */
  readonly pause: () => Promise<void>;
  readonly onRefused: (line: number, reasons: readonly Reason[]) => void;
  /** Changes as the import goes on. */
  readonly tally: Tally;
}

/** Records and bytes of a batch, which is one transaction. A store gives it two seconds, even if it is busy. */
const batchRecords = 500;
const batchBytes = 1_048_576;

/** Seconds for which the database may be away, for example during a failover. */
const patience = 10;

interface Batch {
  readonly kind: Kind;
  readonly records: { readonly line: number; readonly record: unknown }[];
  bytes: number;
}

/** Imports the lines of a file in batches. A line that is refused does not keep the others from being imported. */
export async function importLines(chunks: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<void> {
  const { kinds, tally } = options;
  const batches = kinds.map((kind): Batch => ({ kind, records: [], bytes: 0 }));
  const refuse = (line: number, reasons: readonly Reason[]) => {
    tally.refused += 1;
    options.onRefused(line, reasons);
  };
  /** Imports the waiting records of this kind, and before them those of earlier kinds, which they may refer to. */
  const flush = async (last: Batch) => {
    for (const batch of batches.slice(0, batches.indexOf(last) + 1)) await importBatch(batch, options, refuse);
  };
  for await (const line of linesOf(chunks)) {
    tally.lines += 1;
    const content = readLine(line);
    if (!content) continue;
    if ('reason' in content) {
      refuse(line.number, [content]);
      continue;
    }
    const { type = 'user', fields } = content;
    const batch = batches.find(({ kind }) => kind.name === type);
    if (!batch) {
      refuse(line.number, [unknownType(kinds)]);
      continue;
    }
    const complete = batch === batches[0] ? withDefaults(fields, options.defaults) : fields;
    const { record, unknown } = batch.kind.read(complete);
    if (unknown.length > 0) {
      refuse(line.number, unknown.map(unknownField));
      continue;
    }
    batch.records.push({ line: line.number, record });
    batch.bytes += line.bytes?.length ?? 0;
    if (batch.records.length === batchRecords || batch.bytes >= batchBytes) await flush(batch);
  }
  for (const batch of batches) await importBatch(batch, options, refuse);
}

async function importBatch(
  batch: Batch,
  { run, tally, pause }: ImportOptions,
  refuse: (line: number, reasons: readonly Reason[]) => void,
): Promise<void> {
  const { kind } = batch;
  const records = batch.records.splice(0);
  batch.bytes = 0;
  if (records.length === 0) return;
  const given = records.map(({ record }) => record);
  const results = await patiently(() => kind.importAll(given, run), pause);
  for (const [index, { line }] of records.entries()) {
    const { outcome, issues = [] } = results[index] as ImportResult;
    if (outcome === 'refused') refuse(line, issues.map(toReason));
    else tally[outcome][kind.name] = (tally[outcome][kind.name] ?? 0) + 1;
  }
}

/** Repeats what the database could not do, which is safe, because records that are stored are recognised. */
async function patiently<Result>(act: () => Promise<Result>, pause: () => Promise<void>): Promise<Result> {
  for (let second = 0; ; second += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isSallyportError(error) || error.code !== 'unavailable' || second === patience) throw error;
      await pause();
    }
  }
}

function toReason({ path, message }: NonNullable<ImportResult['issues']>[number]): Reason {
  const field = toPointer({ path, message }).slice(1);
  return field === '' ? { reason: message } : { field, reason: message };
}

/** The name of a field can be any text, of any length. */
function unknownField(name: string): Reason {
  return { field: JSON.stringify(name.slice(0, 64)).slice(1, -1), reason: 'Is not a field of this type' };
}

const unknownType = (kinds: readonly Kind[]): Reason => ({
  field: 'type',
  reason: `Must be one of ${kinds.map(({ name }) => JSON.stringify(name)).join(', ')}`,
});

function withDefaults(fields: Readonly<Record<string, unknown>>, defaults: ImportOptions['defaults']) {
  const missing = Object.entries(defaults).filter(([name]) => fields[name] === undefined || fields[name] === null);
  return missing.length === 0 ? fields : { ...fields, ...Object.fromEntries(missing) };
}
