import pg from 'pg';

const { BOOL, INT2, INT4, INT8, OID, FLOAT4, FLOAT8, TIMESTAMPTZ, JSON: JSON_TEXT, JSONB } = pg.types.builtins;
/** Arrays of text and of varchar, which `builtins` does not name. */
const [textArray, varcharArray] = [1009, 1015];

const parsers = new Map<number, (text: string) => unknown>([
  [BOOL, (text) => text === 't'],
  ...[INT2, INT4, INT8, OID, FLOAT4, FLOAT8].map((type) => [type, Number] as const),
  [TIMESTAMPTZ, toDate],
  ...[JSON_TEXT, JSONB].map((type) => [type, (text: string): unknown => JSON.parse(text)] as const),
  ...[textArray, varcharArray].map((type) => [type, toTexts] as const),
]);

/**
 * How our statements read the values of each type. Parsers that the host sets for all of `pg`, or for its pool, have
 * no influence.
 */
export const valueTypes = { getTypeParser: (type: number) => parsers.get(type) ?? String };

const momentInIso = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(:\d\d)?$/;

function toDate(text: string): Date {
  const [, day, time, hours, minutes = ':00'] = momentInIso.exec(text) ?? [];
  const date = new Date(`${day}T${time}${hours}${minutes}`);
  if (Number.isNaN(date.getTime())) throw new Error('The database must write times in the style ISO: set DateStyle');
  return date;
}

/** The elements of `{plain,"quoted \"text\"",NULL}` (PostgreSQL manual, "Array Input and Output Syntax"). */
function toTexts(text: string): readonly (string | null)[] {
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs);
  return Array.from(elements, ([plain, inQuotes]) => {
    if (inQuotes !== undefined) return inQuotes.replaceAll(/\\(.)/gs, '$1');
    return plain === 'NULL' ? null : plain;
  });
}
