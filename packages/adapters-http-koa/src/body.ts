import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from './context.ts';
import { HttpError } from './problems.ts';

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** In bytes, after inflating. */
const limit = '1mb';

const maxDepth = 32;

/** The codings of a body that are read (RFC 9110, section 8.4). */
const encodings = ['', 'identity', 'gzip'];

/** Reads a body of this kind and refuses every other, strictly: what passes is a plain object of real Unicode text. */
export function readBody(kind: keyof typeof mediaTypes): Middleware {
  const parse = bodyParser({ enableTypes: [kind], jsonLimit: limit, formLimit: limit });
  return async (ctx, next) => {
    if (hasNoBody(ctx)) ctx.request.body = {};
    else {
      refuseOtherMediaTypes(ctx, mediaTypes[kind]);
      await parse(ctx, async () => {}).catch(refuseUnparsed);
      // Nothing was parsed, or there was nothing to parse: the client hung up, or sent a body of no bytes.
      if (!ctx.request.rawBody) throw unreadable();
      refuseBrokenText(ctx.request.rawBody);
      refuseDepth(ctx.request.body);
      if (Array.isArray(ctx.request.body)) throw new HttpError('malformed_request', 'The body must be an object');
    }
    await next();
  };
}

/** No body at all is an input without fields. Many clients send its length of 0, none its type. */
function hasNoBody(ctx: Context): boolean {
  return ctx.request.is() === null || (ctx.request.length === 0 && ctx.get('Content-Type') === '');
}

const unreadable = () => new HttpError('malformed_request', 'The body cannot be read');

function refuseOtherMediaTypes(ctx: Context, expected: string): void {
  const charset = ctx.request.charset.toLowerCase();
  if (!ctx.request.is(expected) || !['', 'utf-8', 'utf8'].includes(charset)) {
    throw new HttpError('unsupported_media_type', `The body must be ${expected} in UTF-8`);
  }
  if (!encodings.includes(ctx.get('Content-Encoding'))) {
    throw new HttpError('unsupported_media_type', 'The content encoding is not supported');
  }
}

/** The parser's own errors carry the whole body, passwords and all: nothing of them is passed on. */
function refuseUnparsed(error: unknown): never {
  const { status, code } = error as { status?: number; code?: string };
  if (status === 413) throw new HttpError('payload_too_large', 'The body must be at most 1 MiB');
  if (status === 400 || code?.startsWith('Z_')) throw unreadable();
  throw error;
}

/** Bytes that are no UTF-8 become U+FFFD, and two different passwords the same. */
function refuseBrokenText(text: string | undefined): void {
  if (text?.includes('\ufffd')) throw new HttpError('malformed_request', 'The body is not valid UTF-8');
}

/** Level by level rather than by recursion, which depth itself would overflow. */
function refuseDepth(body: unknown): void {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new HttpError('malformed_request', 'The body is nested too deeply');
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}
