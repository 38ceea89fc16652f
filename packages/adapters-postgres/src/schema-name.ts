const longestName = 63;

/** Whether the tables' schema may have this name. PostgreSQL truncates longer names and reserves some for itself. */
export function isSchemaName(name: string): boolean {
  const isReserved = /^pg_/i.test(name) || name === 'information_schema';
  return name !== '' && Buffer.byteLength(name) <= longestName && !name.includes('\0') && !isReserved;
}
