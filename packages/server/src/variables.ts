import { memoryCosts, timeCosts } from '@sallyport/adapters-crypto/argon2-cost';
import { type ForeignHashFormat, foreignHashFormats } from '@sallyport/adapters-crypto/foreign-hashes';
import { isSchemaName } from '@sallyport/adapters-postgres/schema-name';
import { isMailbox } from '@sallyport/adapters-smtp';
import type { Quota } from '@sallyport/core';
import { addressRange, defaultBrandColor, isBrandColor, isBrandName, isBrandUrl, toOrigin } from '@sallyport/http-api';
import * as v from 'valibot';
import { databaseComplaint, redisComplaint, smtpComplaint } from './connection-urls.ts';

/**
 * The kinds of variables. An error message continues after the variable's name, and never repeats a value, which may be
 * a secret.
 */

export const text = (fallback: string, meaning: string) =>
  v.optional(v.pipe(v.string(), v.trim(), v.description(meaning)), fallback);

export const optionalText = (meaning: string) => v.optional(v.pipe(v.string(), v.trim(), v.description(meaning)));

export const secret = (meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.check((value) => Buffer.byteLength(value) >= 32, 'must be at least 32 bytes long'),
      v.description(meaning),
    ),
  );

const connectionUrl = (complaint: (url: string) => string | undefined) => (meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(
        (url) => complaint(url) === undefined,
        ({ input }) => complaint(input) ?? '',
      ),
      v.description(meaning),
    ),
  );

export const databaseUrl = connectionUrl(databaseComplaint);
export const smtpUrl = connectionUrl(smtpComplaint);
export const redisUrl = connectionUrl(redisComplaint);

export const schemaName = (meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(isSchemaName, 'must be a name of at most 63 bytes, not information_schema, and not begin with pg_'),
      v.description(meaning),
    ),
  );

export const mailbox = (fallback: string, meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(isMailbox, 'must be one address, or a name and one: Accounts <accounts@example.com>'),
      v.description(meaning),
    ),
    fallback,
  );

export const publicUrl = (meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(isPublicUrl, 'must be a URL like https://accounts.example.com, without credentials, query or fragment'),
      v.transform((url) => url.replace(/^[^/]+\/\/[^/]+/, (origin) => origin.toLowerCase())),
      v.transform((url) => url.replace(/^(.*[^/])\/*$/s, '$1')),
      v.description(meaning),
    ),
  );

const optionalTextThat = (isValid: (value: string) => boolean, message: string) => (meaning: string) =>
  v.optional(v.pipe(v.string(), v.trim(), v.check(isValid, message), v.description(meaning)));

export const brandName = optionalTextThat(isBrandName, 'must be one line of at most 50 characters');

export const brandUrl = optionalTextThat(
  isBrandUrl,
  'must be a URL like https://app.example.com, of http or https and without credentials',
);

export const brandColor = (meaning: string) =>
  v.optional(
    v.pipe(v.string(), v.trim(), v.check(isBrandColor, 'must be a colour like #3355cc'), v.description(meaning)),
    defaultBrandColor,
  );

function isPublicUrl(value: string): boolean {
  // The text is checked as it is, because parsers skip empty parts, add missing ones and drop invisible characters.
  return /^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/i.test(value) && URL.canParse(value);
}

const wholeNumberWithin = (min: number, max: number, meaning: string) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
      ({ input }) => `must be a whole number from ${min} to ${max}${hintOn(input)}`,
    ),
    v.transform(Number),
    v.description(meaning),
  );

/** Kubernetes sets `METRICS_PORT=tcp://…` in every pod beside a service called metrics. */
function hintOn(value: string): string {
  if (!value.startsWith('tcp://')) return '';
  return ': this value comes from Kubernetes, for a service of that name. Set the variable in the pod, or enableServiceLinks to false';
}

const wholeNumber = (fallback: string, min: number, max: number, meaning: string) =>
  v.optional(wholeNumberWithin(min, max, meaning), fallback);

export const port = (fallback: string, meaning: string) => wholeNumber(fallback, 0, 65_535, meaning);

export const optionalPort = (meaning: string) => v.optional(wholeNumberWithin(0, 65_535, meaning));

/** KiB of memory for one password hash. */
export const hashMemory = (meaning: string) =>
  wholeNumber(String(memoryCosts.min), memoryCosts.min, memoryCosts.max, meaning);

/** Passes over the memory of one password hash. */
export const hashPasses = (meaning: string) =>
  wholeNumber(String(timeCosts.min), timeCosts.min, timeCosts.max, meaning);

/** A number of seconds, up to an hour. */
export const seconds = (fallback: number, meaning: string) => wholeNumber(String(fallback), 1, 3_600, meaning);

/** A number of minutes, up to a day. */
export const minutes = (fallback: number, meaning: string) => wholeNumber(String(fallback), 1, 1_440, meaning);

/** A number of hours, up to a month. */
export const hours = (fallback: number, meaning: string) => wholeNumber(String(fallback), 1, 744, meaning);

/** A number of days, up to ten years. */
export const days = (fallback: number, meaning: string) => wholeNumber(String(fallback), 1, 3_650, meaning);

const periods = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

/** A quota: so many in such a time, such as 5/minute. */
export const quota = (fallback: string, meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^[1-9]\d{0,5}\/(second|minute|hour|day)$/, 'must be like 5/minute, by second, minute, hour or day'),
      v.transform((value): Quota => {
        const [attempts, period] = value.split('/') as [string, keyof typeof periods];
        return { attempts: Number(attempts), seconds: periods[period] };
      }),
      v.description(meaning),
    ),
    fallback,
  );

export const oneOf = <const Options extends readonly [string, ...string[]]>(
  options: Options,
  fallback: Options[number],
  meaning: string,
) =>
  v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.picklist(options, `must be one of ${options.join(', ')}`),
      v.description(`${meaning}: ${options.join(' | ')}`),
    ),
    fallback,
  );

/** A list by commas. `read` returns an item in its one form, or `undefined` for one that is not valid. */
const list = <Item>(read: (item: string) => Item | undefined, message: string, meaning: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform((value) => value.split(',').flatMap((item) => item.trim() || [])),
      v.check((items) => items.every((item) => read(item) !== undefined), message),
      v.transform((items) => items.flatMap((item) => read(item) ?? [])),
      v.description(meaning),
    ),
    '',
  );

export const addressRanges = (meaning: string) =>
  list(
    (item) => addressRange(item) && item,
    'must list IP addresses or CIDR blocks, by commas; with a mapped IPv4 address, a prefix is at least 96',
    meaning,
  );

export const origins = (meaning: string) =>
  list(toOrigin, 'must list origins like https://app.example.com, by commas', meaning);

/** Formats of password hashes from other systems, each with its bound if it is not the default one. */
export const foreignHashes = (meaning: string) =>
  list(
    toForeignHashFormat,
    `must list formats, by commas: ${Object.keys(foreignHashFormats).join(', ')}; each may name its highest cost, as in bcrypt:13`,
    meaning,
  );

function toForeignHashFormat(item: string): ForeignHashFormat | undefined {
  const [, name = '', max] = /^([a-z0-9-]+)(?::(\d{1,9}))?$/.exec(item) ?? [];
  const create = Object.hasOwn(foreignHashFormats, name) ? foreignHashFormats[name] : undefined;
  try {
    return create?.({ max: max === undefined ? undefined : Number(max) });
  } catch {
    // The bound is not in the range of the format.
    return undefined;
  }
}
