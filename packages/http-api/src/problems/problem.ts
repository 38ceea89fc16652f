import type { ProblemTypes } from './problem-types.ts';

/** A problem details object (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The id of the request, which is also in the log. */
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The media type of error answers (RFC 9457, section 3). */
export const problemMediaType = 'application/problem+json';

/** The problem of a code. A code without a type is a mistake in this package or in a module. */
export function problemOf(
  types: ProblemTypes,
  code: string,
  detail: string,
  instance: string,
  errors?: Problem['errors'],
): Problem {
  const type = types[code];
  if (!type) throw new Error(`The error code ${code} has no problem type`);
  const { status, title, uri = code } = type;
  return { type: `urn:sallyport:problem:${uri}`, title, status, detail, instance, ...(errors && { errors }) };
}
