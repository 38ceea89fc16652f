import type { components } from './generated/schema.ts';

/** The bodies of the API, by their names: `Schemas['User']`. */
export type Schemas = components['schemas'];

/** The code of a problem type, which is the last part of its URI. */
type CodeOf<Type> = Type extends `urn:sallyport:problem:${infer Code}` ? Code : never;

/**
 * Why a call failed: the problem types of the API, the errors of its OAuth endpoints, and two codes of this client:
 * `network_error` if no response arrived, `unexpected_response` if something else than the API answered. A newer server,
 * or a module that this client was not generated with, may send other codes: give each `switch` a `default`.
 */
export type ApiErrorCode =
  | CodeOf<Schemas['ProblemType']>
  | Schemas['OAuthError']['error']
  | 'network_error'
  | 'unexpected_response';

/** A field that is missing or invalid. */
export type InvalidField = Schemas['InvalidField'];

/** What an error may carry besides its code. */
export interface ApiErrorDetails {
  readonly operation: string;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly issues?: readonly InvalidField[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** The error of every call that the server refuses or does not answer. No field holds a token or a password. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  /** The name of the call, such as `login`. */
  readonly operation: string;
  /** The status of the response; `undefined` without one. */
  readonly status: number | undefined;
  /** A sentence that a user may read. */
  readonly detail: string;
  /** With `validation_failed`: each field, by a JSON pointer (RFC 6901), and what is wrong with it. */
  readonly issues: readonly InvalidField[];
  /** The id of the request in the log of the server. */
  readonly requestId: string | undefined;
  /** With `rate_limited` and `unavailable`: seconds after which to try again. The client itself does not. */
  readonly retryAfter: number | undefined;

  constructor(code: ApiErrorCode, { cause, ...details }: ApiErrorDetails) {
    super(details.detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.operation = details.operation;
    this.status = details.status;
    this.detail = details.detail;
    this.issues = details.issues ?? [];
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }
}

/** Whether this is an `ApiError`, and one with this code if one is given. */
export function isApiError(error: unknown, code?: ApiErrorCode): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
