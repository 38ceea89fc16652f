import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import qs from 'qs';
import getRawBody from 'raw-body';
import type { Context, Fields, Middleware } from './context.ts';
import { parseJson } from './json.ts';
import { HttpError } from './problems.ts';

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

type Kind = keyof typeof mediaTypes;

/**
 * Parses text into fields. Two values of one name become an array, which no field accepts. Brackets and dots have no
 * meaning.
 */
const parsers = { json: parseJson, form: (text: string): unknown => qs.parse(text, { depth: 0 }) } as const;

/** The limit of a body in bytes, both as sent and after inflating. */
const limit = 1_048_576;

const inflate = promisify(gunzip);

/**
 * Reads the bytes of a body. They are parsed when the use case asks for its input, once the caller is known. A body of
 * another kind is refused then. An accepted body is a plain object of valid Unicode text.
 */
export function readBody(kind: Kind): Middleware {
  return async (ctx, next) => {
    const bytes = hasNoBody(ctx) ? undefined : await readBytes(ctx);
    ctx.state.body = () => (bytes ? parse(ctx, bytes, kind) : {});
    await next();
  };
}

/** A request without a body is an input without fields. Many clients send a length of 0 and no type. */
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
    // The client has left, so it gets no answer, and this is no error of the server.
    if (status === 400 || req.destroyed) throw unreadable();
    throw error;
  } finally {
    // The rest of the body is discarded, so that the client can read the answer and reuse the connection.
    req.resume();
  }
}

/** Parses the bytes, synchronously unless they have to be inflated. */
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

/**
 * Decodes UTF-8 without a byte order mark. Bytes that are not UTF-8 would become U+FFFD, which could make two different
 * passwords equal.
 */
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
