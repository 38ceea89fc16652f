import { parse } from 'secure-json-parse';
import { HttpError } from './problems.ts';

/** Objects and arrays within one another, the outermost included. */
const maxDepth = 32;

/**
 * The value of a JSON text (RFC 8259). Of two fields of one name the last counts, and a field `__proto__`
 * is refused at any depth. The depth is looked at first: a megabyte of brackets keeps a parser busy for long.
 *
 * @throws HttpError `malformed_request`, which repeats nothing of the text
 */
export function parseJson(text: string): unknown {
  if (isDeeperThan(maxDepth, text)) throw new HttpError('malformed_request', 'The body is nested too deeply');
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'ignore' });
  } catch {
    // The parser's own words quote what it could not read.
    throw new HttpError('malformed_request', 'The body cannot be read');
  }
}

const [quote, backslash, openingBracket, closingBracket, openingBrace, closingBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** In one pass over text that may be no JSON at all. Brackets within strings do not count. */
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
