import { ApiError, type ApiErrorCode, type InvalidField } from './api-error.ts';
import { isGrant, returnsGrant } from './grant.ts';

/** What arrived. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * The result of a call: the JSON of the response, or `undefined` if its body is empty and the operation returns no grant.
 *
 * @throws ApiError when the server refused, or something else than the API answered
 */
export function resultOf(operation: string, response: ApiResponse): unknown {
  const { status, text } = response;
  const body = parsed(response);
  const isSuccess = status >= 200 && status < 300;
  const isOfApi = returnsGrant(operation) ? isGrant(body) : text === '' || body !== undefined;
  if (isSuccess && isOfApi) return body;
  throw errorOf(operation, response, isSuccess ? undefined : body);
}

function errorOf(operation: string, { status, headers }: ApiResponse, body: unknown): ApiError {
  const { type, error, detail, instance, errors } = (body ?? {}) as Partial<Record<string, unknown>>;
  const code = codeOf(type) ?? textOf(error);
  return new ApiError((code ?? 'unexpected_response') as ApiErrorCode, {
    operation,
    status,
    detail: textOf(detail) ?? `The server answered with status ${status}`,
    issues: Array.isArray(errors) ? (errors as InvalidField[]) : [],
    requestId: textOf(instance) ?? headers.get('X-Request-Id') ?? undefined,
    retryAfter: secondsUntil(headers.get('Retry-After')),
  });
}

/** The JSON of a response; `undefined` if it is not JSON. */
function parsed({ headers, text }: ApiResponse): unknown {
  if (!/^application\/([\w.-]+\+)?json\b/.test(headers.get('Content-Type') ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function codeOf(type: unknown): string | undefined {
  const prefix = 'urn:sallyport:problem:';
  return textOf(type)?.startsWith(prefix) ? String(type).slice(prefix.length) : undefined;
}

/** Seconds or a date (RFC 9110, section 10.2.3), in seconds from now. */
function secondsUntil(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
