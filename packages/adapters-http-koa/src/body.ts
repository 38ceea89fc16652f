import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import qs from 'qs';
import getRawBody from 'raw-body';
import type { Context, Fields, Middleware } from './context.ts';
import { parseJson } from './json.ts';
import { HttpError } from './problems.ts';

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

type Kind = keyof typeof mediaTypes;

/** Text becomes fields. Two values of one name become an array, which no field is; brackets and dots mean nothing. */
const parsers = { json: parseJson, form: (text: string): unknown => qs.parse(text, { depth: 0 }) } as const;

/** In bytes, as sent and after inflating. */
const limit = 1_048_576;

const inflate = promisify(gunzip);

/**
 * Reads the bytes of a body. What they say is parsed when the use case asks for its input, once the caller is known:
 * a body of another kind is refused then, and what passes is a plain object of real Unicode text.
 */
export function readBody(kind: Kind): Middleware {
  return async (ctx, next) => {
    const bytes = hasNoBody(ctx) ? undefined : await readBytes(ctx);
    ctx.state.body = () => (bytes ? parse(ctx, bytes, kind) : {});
    await next();
  };
}

/** No body at all is an input without fields. Many clients send its length of 0, none its type. */
function hasNoBody(ctx: Context): boolean {
  return ctx.request.is() === null || (ctx.request.length === 0 && ctx.get('Content-Type') === '');
}

const unreadable = () => new HttpError('malformed_request', 'The body cannot be read');
const tooLarge = () => new HttpError('payload_too_large', 'The body must be at most 1 MiB');

async function readBytes({ req }: Context): Promise<Buffer> {
  try {
    return await getRawBody(req, { limit, length: req.headers['content-length'] ?? null });
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 413) throw tooLarge();
    // A client that has left is told nothing, and is no fault of ours.
    if (status === 400 || req.destroyed) throw unreadable();
    throw error;
  } finally {
    // What is left of the body is thrown away, so that the answer can be read and the connection goes on.
    req.resume();
  }
}

/** What the bytes say, at once unless they have to be inflated. */
function parse(ctx: Context, bytes: Buffer, kind: Kind): Fields | Promise<Fields> {
  refuseOtherMediaTypes(ctx, mediaTypes[kind]);
  switch (ctx.get('Content-Encoding').toLowerCase()) {
    case '':
    case 'identity':
      return parseFields(bytes, kind);
    case 'gzip':
      return decompress(bytes).then((plain) => parseFields(plain, kind));
    default:
      throw new HttpError('unsupported_media_type', 'The content encoding is not supported');
  }
}

function parseFields(bytes: Buffer, kind: Kind): Fields {
  if (bytes.length === 0) throw unreadable();
  const fields = parsers[kind](decode(bytes));
  if (!isObject(fields)) throw new HttpError('malformed_request', 'The body must be an object');
  return fields;
}

function refuseOtherMediaTypes(ctx: Context, expected: string): void {
  const charset = ctx.request.charset.toLowerCase();
  if (!ctx.request.is(expected) || !['', 'utf-8', 'utf8'].includes(charset)) {
    throw new HttpError('unsupported_media_type', `The body must be ${expected} in UTF-8`);
  }
}

async function decompress(bytes: Buffer): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : unreadable();
  }
}

/** A byte order mark is dropped. Bytes that are no UTF-8 would become U+FFFD, and two different passwords the same. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError('malformed_request', 'The body is not valid UTF-8');
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
