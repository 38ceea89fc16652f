import { HttpError } from '../problems/http-error.ts';
import type { Fields } from './body.ts';

/** Far more parts than a form of this API has. Each part takes the parser some 20 microseconds. */
const maxParts = 100;

/**
 * Parses a form of text fields (RFC 7578). The runtime's own parser of the Fetch Standard reads it: it needs a boundary,
 * CRLF and a name for each part, and takes no text before the first boundary. It would replace bytes that are not UTF-8
 * and has no limit of parts, so both are checked before.
 *
 * @param text the body, decoded
 * @param contentType the header with the boundary
 * @throws HttpError `malformed_request`
 */
export async function parseMultipart(text: string, contentType: string): Promise<Fields> {
  if (text.split(/content-disposition/i, maxParts + 2).length > maxParts + 1) {
    throw new HttpError('malformed_request', 'The form has too many parts');
  }
  return fieldsOfForm(await formOf(text, contentType));
}

async function formOf(text: string, contentType: string): Promise<FormData> {
  try {
    // undici advises against it for bodies without bounds. This one is bounded and in memory.
    // oxlint-disable-next-line typescript/no-deprecated
    return await new Response(text, { headers: { 'Content-Type': contentType } }).formData();
  } catch {
    // The parser's own message depends on the runtime.
    throw new HttpError('malformed_request', 'The body cannot be read');
  }
}

/** The fields of a form. Two values of one name become an array, which no field accepts. */
export function fieldsOfForm(form: FormData): Fields {
  if ([...form.values()].some((value) => typeof value !== 'string')) {
    throw new HttpError('malformed_request', 'The form must not contain files');
  }
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}
