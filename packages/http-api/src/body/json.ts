import { maxJsonDepth } from '@sallyport/core';
import { parse } from 'secure-json-parse';
import { HttpError } from '../problems/http-error.ts';

/**
 * The maximum number of brackets, braces and commas, and so of values. It is far more than any profile needs, and takes
 * the parser some 2 milliseconds. A kilobyte of gzip could hold 300,000 values, which take a hundred times as long.
 */
export const maxPieces = 5_000;

/** The refusal of more. */
export const tooManyValues = () => new HttpError('malformed_request', 'The body has too many values');

/**
 * The value of a JSON text (RFC 8259). Of two fields with the same name, the last one counts. A field `__proto__` is
 * refused at any depth. Depth and size are checked first, because a megabyte of brackets would keep the parser busy for
 * long.
 *
 * @throws HttpError `malformed_request`, which repeats nothing of the text
 */
export function parseJson(text: string): unknown {
  refuseExpensive(text);
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'ignore' });
  } catch {
    // The parser's own message quotes the text that it could not read.
    throw new HttpError('malformed_request', 'The body cannot be read');
  }
}

const [quote, backslash, comma, openingBracket, closingBracket, openingBrace, closingBrace] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Checks depth and size in one pass, over text that may not be JSON at all. What is in strings does not count. */
function refuseExpensive(text: string): void {
  let depth = 0;
  let pieces = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === comma) pieces += 1;
    else if (code === openingBracket || code === openingBrace) {
      depth += 1;
      pieces += 1;
      if (depth > maxJsonDepth) throw new HttpError('malformed_request', 'The body is nested too deeply');
    } else if (code === closingBracket || code === closingBrace) depth -= 1;
    if (pieces > maxPieces) throw tooManyValues();
  }
}
