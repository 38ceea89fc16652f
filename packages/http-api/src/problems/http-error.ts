/** Errors of HTTP itself, which occur before the core is called. */
export type HttpErrorCode =
  | 'malformed_request'
  | 'foreign_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'request_timeout'
  | 'headers_too_large'
  | 'not_implemented'
  | 'internal_error';

/** A refusal by HTTP itself. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  /** Headers of the answer that belong to this refusal, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpErrorCode, detail: string, headers: HttpError['headers'] = {}) {
    super(detail);
    this.code = code;
    this.headers = headers;
  }
}
