import * as v from 'valibot';
import { SallyportError, type ValidationIssue } from './errors.ts';
import { isStorable } from './json.ts';
import { copyOf, misplaced, readable } from './read-input.ts';

/**
 * Stops at the first fault of a field. valibot's messages echo the input, and so may those that a host sets for a
 * language: a check without a message of its own gets ours, and none of a language applies.
 */
const config = { abortPipeEarly: true, message: 'Is not valid', lang: '' } as const;

/**
 * Parses an input with its schema.
 *
 * @throws SallyportError `validation_failed`, with one issue per field
 */
export function parse<const Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const own = readable(() => copyOf(input));
  const notObjects = readable(() => [...misplaced(schema, own)]);
  if (notObjects.length > 0) throw invalid(notObjects.map((path) => ({ path, message: 'Must be an object' })));
  const check = () => v.safeParse(schema, own, config);
  // The fields of an instance are first read by the schema.
  const result = typeof own === 'object' && own === input ? readable(check) : check();
  if (result.success && result.typed) return result.output;
  // A promise of an asynchronous schema has no issues, because it has yet to check anything.
  if (result.success) throw new Error('The schema of an input is asynchronous, and checks nothing');
  throw invalid(result.issues.map(toValidationIssue));
}

/** Whether a part of a schema is asynchronous. What `v.lazy` returns is known only when an input is parsed. */
export function isAsynchronous(schema: unknown, seen = new Set<unknown>()): boolean {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return false;
  seen.add(schema);
  if ('~run' in schema && 'async' in schema && schema.async === true) return true;
  return Object.values(schema).some((part) => isAsynchronous(part, seen));
}

const invalid = (issues: readonly ValidationIssue[]) => new SallyportError('validation_failed', { issues });

function toValidationIssue(issue: v.BaseIssue<unknown>): ValidationIssue {
  const keys = issue.path?.map((item) => item.key) ?? [];
  const path = keys.filter((key) => typeof key === 'string' || typeof key === 'number');
  return { path, message: wordsFor(issue) };
}

/** valibot's own messages echo the input, which may be a password. */
function wordsFor(issue: v.BaseIssue<unknown>): string {
  if (issue.input === undefined) return 'Field required';
  switch (issue.type) {
    case 'string':
      return 'Must be a string';
    case 'number':
      return 'Must be a number';
    case 'boolean':
      return 'Must be true or false';
    case 'object':
      return 'Must be an object';
    case 'picklist':
      return `Must be one of ${String(issue.expected).replaceAll(/[()]/g, '')}`;
    case 'safe_integer':
      return 'Must be a whole number';
    case 'min_value':
      return `Must be at least ${String(issue.requirement)}`;
    case 'max_value':
      return `Must be at most ${String(issue.requirement)}`;
    case 'min_code_points':
      return `Must be at least ${String(issue.requirement)} characters`;
    case 'max_code_points':
    case 'max_length':
      return `Must be at most ${String(issue.requirement)} characters`;
    case 'check':
      return issue.message;
    default:
      return 'Is not valid';
  }
}

/** An input without fields. */
export const NoInput = v.object({});

/** The output of a use case that returns nothing. */
export const NoOutput = v.void();

const storable = v.check(isStorable, 'Must be well-formed Unicode without NUL');

const withoutControls = v.check(
  (text: string) => !/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text),
  'Must not contain control or direction characters',
);

/** Any text that can be stored and logged as it stands. */
export const Text = v.pipe(v.string(), storable);

/**
 * No language needs more combining marks in a row (Unicode Standard Annex #15, "Stream-Safe Text Format"). The time of
 * normalising grows with the square of their number: half a megabyte of them takes minutes.
 */
const withFewMarks = v.check(
  (text: string) => !/\p{M}{31}/u.test(text),
  'Must contain at most 30 combining marks in a row',
);

/** Normalising makes no text shorter than by this factor, so longer text need not be looked at. */
const maxShrinking = 8;

/** Trimmed text of so many code points, in the one form that is stored and compared: NFC. */
const composed = (min: number, max: number) =>
  v.pipe(
    Text,
    v.trim(),
    v.check((text) => text.length <= maxShrinking * max, `Must be at most ${max} characters`),
    withFewMarks,
    v.normalize('NFC'),
    v.minCodePoints(min),
    v.maxCodePoints(max),
  );

/**
 * One trimmed line of so many code points, normalised to NFC. It contains no character that could forge a log line or
 * reverse the direction of the text.
 */
export const line = (min: number, max: number) => v.pipe(composed(min, max), withoutControls);

/** Trimmed text of so many code points, normalised to NFC, in any number of lines. */
export const prose = (min: number, max: number) => composed(min, max);

/** The token of a mailed link. Any string is looked up, so that every invalid one gets the same answer. */
export const LinkToken = v.pipe(v.string(), v.examples(['Q2hvb3NlIGEgbmV3IHBhc3N3b3JkIGJ5IHRoaXMgbGluaw']));

/** A whole number in these bounds; -0 is not one. */
export const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.safeInteger(),
    v.check((value) => !Object.is(value, -0), 'Must be a whole number'),
    v.minValue(min),
    v.maxValue(max),
  );

/** The id of a record: up to 15 digits, which a double holds exactly. */
export const Id = wholeNumber(1, 999_999_999_999_999);

/** The years that RFC 3339 can write and that every store holds. An offset can lead out of them. */
const isInFourDigitYear = (time: Date) => time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999;

/** An RFC 3339 timestamp, or a date, which stands for its first moment in UTC. */
export const Timestamp = v.pipe(
  v.string(),
  v.check(isMoment, 'Must be a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z'),
  v.toDate(),
  v.check(isInFourDigitYear, 'Must be within the years 1 to 9999 in UTC'),
  v.metadata({
    anyOf: [{ format: 'date-time' }, { format: 'date' }],
    examples: ['2026-01-31T12:00:00Z', '2026-01-31'],
  }),
);

function isMoment(text: string): boolean {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/i.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Date.parse accepts the 30th of February.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Folds upper and lower case by Unicode's own tables, without a locale. Every store must fold like this. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}
