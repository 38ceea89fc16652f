import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import qs from 'qs';
import getRawBody from 'raw-body';
import type { Context, Middleware } from './context.ts';
import { parseJson } from './json.ts';
import { HttpError } from './problems.ts';

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** Text becomes fields. Two values of one name become an array, which no field is; brackets and dots mean nothing. */
const parsers = { json: parseJson, form: (text: string): unknown => qs.parse(text, { depth: 0 }) } as const;

/** In bytes, after inflating. */
const limit = 1_048_576;

/** The codings of a body that are read, in any case (RFC 9110, section 8.4.1). */
const encodings = ['', 'identity', 'gzip'];

/** Reads a body of this kind and refuses every other, strictly: what passes is a plain object of real Unicode text. */
export function readBody(kind: keyof typeof mediaTypes): Middleware {
  return async (ctx, next) => {
    ctx.state.body = hasNoBody(ctx) ? {} : await read(ctx, kind);
    await next();
  };
}

/** No body at all is an input without fields. Many clients send its length of 0, none its type. */
function hasNoBody(ctx: Context): boolean {
  return ctx.request.is() === null || (ctx.request.length === 0 && ctx.get('Content-Type') === '');
}

async function read(ctx: Context, kind: keyof typeof mediaTypes): Promise<Readonly<Record<string, unknown>>> {
  const encoding = ctx.get('Content-Encoding').toLowerCase();
  refuseOtherMediaTypes(ctx, mediaTypes[kind]);
  if (!encodings.includes(encoding)) {
    throw new HttpError('unsupported_media_type', 'The content encoding is not supported');
  }
  const bytes = await readBytes(ctx.req, encoding === 'gzip');
  if (bytes.length === 0) throw unreadable();
  const fields = parsers[kind](decode(bytes));
  if (!isObject(fields)) throw new HttpError('malformed_request', 'The body must be an object');
  return fields;
}

const unreadable = () => new HttpError('malformed_request', 'The body cannot be read');

function refuseOtherMediaTypes(ctx: Context, expected: string): void {
  const charset = ctx.request.charset.toLowerCase();
  if (!ctx.request.is(expected) || !['', 'utf-8', 'utf8'].includes(charset)) {
    throw new HttpError('unsupported_media_type', `The body must be ${expected} in UTF-8`);
  }
}

async function readBytes(request: IncomingMessage, isGzip: boolean): Promise<Buffer> {
  const length = isGzip ? null : (request.headers['content-length'] ?? null);
  const gunzip = isGzip ? inflate(request) : undefined;
  try {
    return await getRawBody(gunzip ?? request, { limit, length });
  } catch (error) {
    const { status, code } = error as { status?: number; code?: string };
    if (status === 413) throw new HttpError('payload_too_large', 'The body must be at most 1 MiB');
    // Whoever has left is told nothing, and is no fault of ours.
    if (status === 400 || code?.startsWith('Z_') || request.destroyed) throw unreadable();
    throw error;
  } finally {
    request.unpipe();
    gunzip?.destroy();
    // What is left of the body is thrown away, so that the answer can be read and the connection goes on.
    request.resume();
  }
}

/** A pipe ends when what flows into it ends, but not when that breaks. */
function inflate(request: IncomingMessage): Readable {
  const gunzip = request.pipe(createGunzip());
  request.once('close', () => {
    if (!request.complete) gunzip.destroy(unreadable());
  });
  return gunzip;
}

/** A byte order mark is dropped. Bytes that are no UTF-8 would become U+FFFD, and two different passwords the same. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError('malformed_request', 'The body is not valid UTF-8');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
