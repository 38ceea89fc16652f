import qs from 'qs';
import { HttpError } from '../problems/http-error.ts';
import { maxPieces, tooManyValues } from './json.ts';

/** Far more fields than a form of this API has. */
const maxFields = 1_000;

/** A percent sign that encodes nothing. */
const lonePercent = /%(?![\da-f]{2})/i;

/** What is replaced one by one. */
const expensive = /[+&]|%(?![\da-f]{2})/i;

/**
 * The fields of a form (application/x-www-form-urlencoded, URL Standard, section 5.1). Brackets and dots have no
 * meaning. Two values of one name become an array, which no field accepts.
 *
 * @throws HttpError `malformed_request` for text that is not UTF-8, for too many fields, or for signs that alone would
 *   keep the parser busy for long
 */
export function parseForm(text: string): unknown {
  const fields = text.split('&', maxFields + 1).length;
  if (fields > maxFields || text.split(expensive, maxPieces + 1).length > maxPieces) throw tooManyValues();
  return qs.parse(text, { depth: 0, parameterLimit: maxFields, decoder: decoded });
}

/**
 * A name or a value. Bytes that are not UTF-8 would remain as they are written, so a password would differ from the same
 * one in JSON. A percent sign that encodes nothing stands for itself.
 */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').split(lonePercent).join('%25'));
  } catch {
    throw new HttpError('malformed_request', 'The body is not valid UTF-8');
  }
}
