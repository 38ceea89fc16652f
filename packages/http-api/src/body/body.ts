import { createGunzip } from 'node:zlib';
import { isSallyportError } from '@sallyport/core';
import type { ApiRequest, TakeBytes } from '../messages.ts';
import { HttpError } from '../problems/http-error.ts';
import { allowanceFor } from './body-budget.ts';
import { parseForm } from './form.ts';
import { parseJson } from './json.ts';
import { fieldsOfForm, parseMultipart } from './multipart.ts';

/** The fields of a body. */
export type Fields = Readonly<Record<string, unknown>>;

/** Parses a body that has arrived. It is called when the use case asks for its input, once the caller is known. */
export type ParseBody = () => Fields | Promise<Fields>;

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

type Kind = keyof typeof mediaTypes;

/** The other type of a form, which many clients send. */
const multipart = 'multipart/form-data';

/** Parses text into fields. */
const parsers = { json: parseJson, form: parseForm } as const;

/** The parameter of a content type for the only charset. */
const utf8 = /^charset\s*=\s*(?:utf-?8|"utf-?8")$/;

/** The limit of a body in bytes, both as sent and after inflating. */
const maxBytes = 1_048_576;

/**
 * Waits for the bytes of a body, then calls `use`, and forgets the body afterwards. A body of another kind is refused
 * when it is parsed. An accepted body is a plain object of valid Unicode text; what the host has parsed is taken as it
 * is.
 *
 * @throws HttpError `payload_too_large` | `malformed_request`
 * @throws SallyportError `unavailable` when bodies take too much memory
 */
export async function receiveBody<T>(
  request: ApiRequest,
  kind: Kind,
  use: (parseBody: ParseBody) => Promise<T>,
): Promise<T> {
  const { body } = request;
  if (!body || isEmpty(request)) return use(() => ({}));
  if ('parsed' in body) return use(() => fieldsOfHost(request, body.parsed, kind));
  const allowance = allowanceFor(request.clientAddress);
  try {
    const bytes = await body.read(maxBytes, allowance.take);
    return await use(() => parse(request, bytes, kind, allowance.take));
  } finally {
    allowance.release();
  }
}

/** Many clients that send no body send a length of 0 and no type. */
function isEmpty({ header }: ApiRequest): boolean {
  const length = header('content-length');
  return !!length && Number(length) === 0 && !header('content-type');
}

/** Parses the bytes, synchronously unless they have to be inflated. */
function parse(request: ApiRequest, bytes: Uint8Array, kind: Kind, take: TakeBytes): Fields | Promise<Fields> {
  const parser = parserFor(request, kind);
  switch (request.header('content-encoding')?.toLowerCase() ?? '') {
    case '':
    case 'identity':
      return parseFields(bytes, parser);
    case 'gzip':
      return inflate(bytes, take).then((plain) => parseFields(plain, parser));
    default:
      throw new HttpError('unsupported_media_type', 'The content encoding is not supported');
  }
}

/**
 * The fields that a parser of the host has left: an object or a form, or the text or bytes of a parser that does not
 * parse.
 */
function fieldsOfHost(request: ApiRequest, parsed: unknown, kind: Kind): Fields | Promise<Fields> {
  const parser = parserFor(request, kind);
  if (typeof parsed === 'string') return parser(parsed);
  if (parsed instanceof Uint8Array) return parseFields(parsed, parser);
  return parsed instanceof FormData ? fieldsOfForm(parsed) : toFields(parsed);
}

type Parser = (text: string) => Fields | Promise<Fields>;

function parseFields(bytes: Uint8Array, parser: Parser): Fields | Promise<Fields> {
  if (bytes.length === 0) throw unreadableBody();
  return parser(decode(bytes));
}

function toFields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new HttpError('malformed_request', 'The body must be an object');
}

/** @throws HttpError `unsupported_media_type` */
function parserFor({ header }: ApiRequest, kind: Kind): Parser {
  const contentType = header('content-type') ?? '';
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter));
  const isMultipart = kind === 'form' && type === multipart;
  if ((type !== mediaTypes[kind] && !isMultipart) || !charsets.every((charset) => utf8.test(charset))) {
    throw new HttpError('unsupported_media_type', `The body must be ${mediaTypes[kind]} in UTF-8`);
  }
  return isMultipart ? (text) => parseMultipart(text, contentType) : (text) => toFields(parsers[kind](text));
}

async function inflate(bytes: Uint8Array, take: TakeBytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const gunzip = createGunzip();
  gunzip.end(bytes);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > maxBytes) throw bodyTooLarge();
      take(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HttpError || isSallyportError(error) ? error : unreadableBody();
  }
  return Buffer.concat(chunks);
}

/**
 * Decodes UTF-8 without a byte order mark. Bytes that are not UTF-8 would become U+FFFD, which could make two different
 * passwords equal.
 */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError('malformed_request', 'The body is not valid UTF-8');
  }
}

/** The refusals of a mount that reads bytes. */
export const unreadableBody = () => new HttpError('malformed_request', 'The body cannot be read');
export const bodyTooLarge = () => new HttpError('payload_too_large', 'The body must be at most 1 MiB');

/** A body that the host has read without keeping it cannot be read again. */
export const bodyIsGone = () =>
  new HttpError(
    'internal_error',
    'The host read the body before this API and did not leave it: mount the API before body parsers, or pass on what they parsed',
  );
