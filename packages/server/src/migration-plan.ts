import type { PlannedLock, PlannedMigration } from '@sallyport/adapters-postgres';

/** A plan of migrations, as lines for the operator. */
export function planInWords(schema: string, plan: readonly PlannedMigration[]): readonly string[] {
  if (plan.length === 0) return [`The schema ${schema} is up to date`];
  const ofKind = (kind: PlannedMigration['kind']) => plan.filter((step) => step.kind === kind);
  const [transactional, concurrent, backfills] = [ofKind('transactional'), ofKind('concurrent'), ofKind('backfill')];
  return [
    `Pending in the schema ${schema}:`,
    ...(transactional.length > 0 ? ['  in one transaction, at the next start or by sallyport migrate'] : []),
    ...transactional.flatMap(inLines),
    ...(concurrent.length > 0 ? ['  while the tables are in use, by sallyport migrate alone'] : []),
    ...concurrent.flatMap(inLines),
    ...(backfills.length > 0 ? ['  in batches, while the tables are in use, by sallyport migrate alone'] : []),
    ...backfills.map(({ name }) => `    ${name}`),
  ];
}

function inLines({ name, locks, seconds }: PlannedMigration): readonly string[] {
  const time = seconds === undefined ? '' : `, about ${duration(seconds)}`;
  if (locks.length === 0) return [`    ${name}: locks nothing${time}`];
  return [`    ${name}${time}`, ...locks.map((lock) => `      locks ${lockInWords(lock)}`)];
}

function lockInWords({ table, mode, rows, bytes }: PlannedLock): string {
  const count = rows === undefined ? 'an unknown number of rows' : `about ${rows.toLocaleString('en')} rows`;
  return `${table} in ${mode} mode: ${count}, ${size(bytes)}`;
}

function size(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1024 ? `${Math.ceil(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
