import * as v from 'valibot';
import { isSallyportError, type ValidationIssue } from './errors.ts';
import { ImportRun } from './import-run.ts';
import { Id, parse, Timestamp } from './input.ts';

/** The records that one call imports at most. */
export const maxImportRecords = 1_000;

/** What became of a record of an import. */
export const ImportResult = v.object({
  /** `present`: an earlier import stored it, and it stays as it is now. */
  outcome: v.picklist(['imported', 'present', 'refused']),
  /** The id of the stored record. A record of a dry run has none yet. */
  id: v.optional(Id),
  /** Why it was refused, in words that repeat no value. */
  issues: v.optional(v.array(v.object({ path: v.array(v.union([v.string(), v.number()])), message: v.string() }))),
});
export type ImportResult = v.InferOutput<typeof ImportResult>;

/** The output of a use case that imports: what became of each record, in their order. */
export const ImportOutput = v.object({ results: v.array(ImportResult) });

/**
 * The input of a use case that imports such records. Each record is checked by itself, so that an invalid one does not
 * keep the others from being imported.
 */
export const importInput = <Imported>() =>
  v.object({
    records: v.pipe(v.array(v.custom<Imported>(() => true)), v.maxLength(maxImportRecords)),
    run: v.optional(v.instance(ImportRun)),
  });

/** The moment at which an imported record was created. */
export const CreationTime = v.pipe(
  Timestamp,
  v.check((time) => time.getTime() >= 0, 'Must not be before 1970'),
);

/** A record that is valid, with its place among the others of a call. */
export interface ReadRecord<Imported> {
  readonly index: number;
  readonly record: Imported;
  /** What no other record of the import may have, by the field that holds it. */
  readonly keys: ReadonlyMap<string, string>;
}

/** How the records of one kind are read. */
export interface RecordReader<Schema extends v.GenericSchema> {
  /** The kind of the records, such as `user`. */
  readonly kind: string;
  readonly schema: Schema;
  /** The keys of a record, by field. */
  readonly keysOf: (record: v.InferOutput<Schema>) => Readonly<Record<string, string | number | undefined>>;
  /** What the schema cannot check. */
  readonly issueOf: (
    record: v.InferOutput<Schema>,
  ) => ValidationIssue | undefined | Promise<ValidationIssue | undefined>;
}

/** The result of a record that is refused because of one field. */
export function refused(issue: ValidationIssue): ImportResult {
  return { outcome: 'refused', issues: [{ path: [...issue.path], message: issue.message }] };
}

/**
 * Checks records one by one, each also against the earlier ones of the import.
 *
 * @returns the valid ones, and the results of the others at their places in `results`
 */
export async function readRecords<Schema extends v.GenericSchema>(
  records: readonly unknown[],
  run: ImportRun,
  { kind, schema, keysOf, issueOf }: RecordReader<Schema>,
): Promise<{ readonly read: ReadRecord<v.InferOutput<Schema>>[]; readonly results: (ImportResult | undefined)[] }> {
  const read: ReadRecord<v.InferOutput<Schema>>[] = [];
  const results: (ImportResult | undefined)[] = records.map(() => undefined);
  const seen = new Set<string>();
  for (const [index, given] of records.entries()) {
    try {
      const record = parse(schema, given);
      const keys = keysOfFields(kind, keysOf(record));
      const twice = [...keys].find(([, key]) => seen.has(key) || run.has(key));
      const same = twice && { path: [twice[0]], message: 'Is the same as in an earlier record' };
      const issue = (await issueOf(record)) ?? same;
      if (issue) results[index] = refused(issue);
      else read.push({ index, record, keys });
      for (const key of issue ? [] : keys.values()) seen.add(key);
    } catch (error) {
      if (!isSallyportError(error) || error.code !== 'validation_failed') throw error;
      const issues = error.issues.map(({ path, message }) => ({ path: [...path], message }));
      results[index] = { outcome: 'refused', issues };
    }
  }
  return { read, results };
}

function keysOfFields(
  kind: string,
  fields: Readonly<Record<string, string | number | undefined>>,
): ReadonlyMap<string, string> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new Map(given.map(([field, value]) => [field, `${kind} ${field} ${value}`]));
}

/** The issue of a record from the future, which a clock or a time zone that is wrong can cause. */
export function futureIssue(createdAt: Date | undefined, now: Date): ValidationIssue | undefined {
  if (createdAt === undefined || createdAt <= now) return undefined;
  return { path: ['createdAt'], message: 'Must not be in the future' };
}
