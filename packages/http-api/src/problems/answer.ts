import { isSallyportError } from '@sallyport/core';
import { type ApiResponse, notStored, type Observed } from '../messages.ts';
import { toPointer } from '../wire/names.ts';
import type { ErrorLog } from './error-log.ts';
import { HttpError } from './http-error.ts';
import { type Problem, problemMediaType, problemOf } from './problem.ts';
import { type ProblemTypes, problemTypesWith } from './problem-types.ts';
import { retryHeaders } from './retry-headers.ts';

/** What is needed to answer an error. */
export interface ErrorAnswers {
  readonly types: ProblemTypes;
  readonly log?: ErrorLog | undefined;
}

/**
 * The answer to an error as problem+json, for a host that catches errors of use cases in its own routes. The answer to
 * an unexpected error reveals nothing about its cause; logging it is left to the host.
 *
 * @param modules the modules whose errors may occur, besides those of the core
 */
export function toProblem(
  error: unknown,
  requestId: string,
  modules: readonly { readonly problems: ProblemTypes }[] = [],
): ApiResponse {
  return answerError(error, requestId, { types: problemTypesWith(modules) });
}

/** Answers every error as problem+json, notes its code, and logs those that are failures of the server. */
export function answerError(
  error: unknown,
  requestId: string,
  { types, log }: ErrorAnswers,
  observed?: Observed,
): ApiResponse {
  const { code, detail, errors, headers } = describe(error, types);
  if (observed) observed.code = code;
  if (code === 'internal_error') log?.error(error, requestId);
  else logOutage(error, requestId, log);
  const problem = problemOf(types, code, detail, requestId, errors);
  const challenge = types[code]?.challenge;
  return {
    status: problem.status,
    headers: {
      ...headers,
      ...(challenge && { 'WWW-Authenticate': challenge }),
      ...notStored,
      'Content-Type': problemMediaType,
    },
    body: JSON.stringify(problem),
  };
}

interface Described extends Pick<Problem, 'detail' | 'errors'> {
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function describe(error: unknown, types: ProblemTypes): Described {
  if (error instanceof HttpError) return { code: error.code, detail: error.message, headers: error.headers };
  if (!isSallyportError(error) || !Object.hasOwn(types, error.code)) {
    return { code: 'internal_error', detail: 'Something went wrong' };
  }
  const { code, message, issues } = error;
  if (issues.length === 0) return { code, detail: message, headers: retryHeaders(error) };
  // Every issue is listed, in the names of the wire. The detail states the first one.
  const errors = issues.map((issue) => ({ pointer: toPointer(issue), detail: issue.message }));
  const [first = ''] = errors.map(({ pointer, detail }) => (pointer === '' ? detail : `${dotted(pointer)}: ${detail}`));
  return { code, detail: first, errors };
}

const dotted = (pointer: string) => pointer.slice(1).replaceAll('/', '.');

/** Logs why something is unavailable. The answer does not say. */
export function logOutage(error: unknown, requestId: string, log: ErrorLog | undefined): void {
  if (!isSallyportError(error) || error.code !== 'unavailable' || error.cause === undefined) return;
  log?.error(error, requestId);
}
