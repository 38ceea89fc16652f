import { parse } from 'secure-json-parse';
import { HttpError } from '../problems/http-error.ts';

/** The maximum depth of nested objects and arrays, including the outermost. */
const maxDepth = 32;

/**
 * The value of a JSON text (RFC 8259). Of two fields with the same name, the last one counts. A field `__proto__` is
 * refused at any depth. The depth is checked first, because a megabyte of brackets would keep the parser busy for long.
 *
 * @throws HttpError `malformed_request`, which repeats nothing of the text
 */
export function parseJson(text: string): unknown {
  if (isDeeperThan(maxDepth, text)) throw new HttpError('malformed_request', 'The body is nested too deeply');
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'ignore' });
  } catch {
    // The parser's own message quotes the text that it could not read.
    throw new HttpError('malformed_request', 'The body cannot be read');
  }
}

const [quote, backslash, openingBracket, closingBracket, openingBrace, closingBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Checks the depth in one pass, over text that may not be JSON at all. Brackets in strings do not count. */
function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === openingBracket || code === openingBrace) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === closingBracket || code === closingBrace) depth -= 1;
  }
  return false;
}
