import { parseJson } from '@sallyport/http-api';
import { fromUtf8 } from '../utf8.ts';
import { type Line, maxLine } from './lines.ts';

/** Why a line is refused. It repeats no value of the line. */
export interface Reason {
  /** The field, by its name on the wire; absent if it is about the whole line. */
  readonly field?: string | undefined;
  readonly reason: string;
}

/** What a line holds: a record, nothing, or what cannot be read. */
export type LineContent =
  | { readonly type: unknown; readonly fields: Record<string, unknown> }
  | { readonly reason: string }
  | undefined;

/** Reads the JSON object of a line. The end of a line may be that of any system. */
export function readLine({ bytes }: Line): LineContent {
  if (!bytes) return { reason: `Is longer than ${maxLine} bytes` };
  const text = fromUtf8(bytes);
  if (text === undefined) return { reason: 'Is not UTF-8' };
  if (text.trim() === '') return undefined;
  const value = parse(text);
  if (value === undefined) return { reason: 'Is not valid JSON' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'Is not a JSON object' };
  const { type, ...fields } = value as Record<string, unknown>;
  return { type, fields };
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
