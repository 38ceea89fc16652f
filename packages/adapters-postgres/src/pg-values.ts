import pg from 'pg';

const { BOOL, INT2, INT4, INT8, OID, FLOAT4, FLOAT8, TIMESTAMPTZ, JSON: JSON_TEXT, JSONB } = pg.types.builtins;
/** Arrays of text, of varchar and of times, which `builtins` does not name. */
const [textArray, varcharArray, timesArray] = [1009, 1015, 1185];

const parsers = new Map<number, (text: string) => unknown>([
  [BOOL, (text) => text === 't'],
  ...[INT2, INT4, INT8, OID, FLOAT4, FLOAT8].map((type) => [type, Number] as const),
  [TIMESTAMPTZ, toDate],
  ...[JSON_TEXT, JSONB].map((type) => [type, (text: string): unknown => JSON.parse(text)] as const),
  ...[textArray, varcharArray].map((type) => [type, toTexts] as const),
  [timesArray, (text) => toTexts(text).map((time) => time && toDate(time))],
]);

/**
 * How statements of this package read the values of each type. Parsers that the host sets for all of `pg`, or for its
 * pool, have no influence.
 */
export const valueTypes = { getTypeParser: (type: number) => parsers.get(type) ?? String };

/** A moment in ISO format. The offsets of historic time zones are not always whole minutes. */
const momentInIso = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/** A moment of four digits for its year, in UTC, as connections with this package's own settings write it. */
const usualLengths = { min: '2026-01-31 12:00:00+00'.length, max: '2026-01-31 12:00:00.123456+00'.length };

function toDate(text: string): Date {
  const { min, max } = usualLengths;
  const isUsual = text.length >= min && text.length <= max && text[10] === ' ' && text.endsWith('+00');
  return isUsual ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : toDateWithOffset(text);
}

function toDateWithOffset(text: string): Date {
  const [matched, day, time, sign, ...offset] = momentInIso.exec(text) ?? [];
  if (matched === undefined) throw new Error('The database must write times in the style ISO: set DateStyle');
  const [hours = 0, minutes = 0, seconds = 0] = offset.map((part) => Number(part ?? 0));
  const ahead = (sign === '-' ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds) * 1000;
  return new Date(Date.parse(`${day}T${time}Z`) - ahead);
}

/** The elements of `{plain,"quoted \"text\"",NULL}` (PostgreSQL manual, "Array Input and Output Syntax"). */
function toTexts(text: string): readonly (string | null)[] {
  if (text === '{}') return [];
  if (!text.includes('"')) return text.slice(1, -1).split(',').map(unlessNull);
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs);
  return Array.from(elements, ([plain, inQuotes]) => {
    if (inQuotes !== undefined) return inQuotes.replaceAll(/\\(.)/gs, '$1');
    return unlessNull(plain);
  });
}

const unlessNull = (plain: string) => (plain === 'NULL' ? null : plain);
