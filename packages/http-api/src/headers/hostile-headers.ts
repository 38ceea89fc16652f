import type { ApiRequest } from '../messages.ts';
import { HttpError } from '../problems/http-error.ts';

/** The maximum number of headers. Node accepts up to 2,000 and silently drops the rest. */
const maxHeaders = 100;

/** Headers that must not repeat: some servers would read the first value, others the second. */
const singular = ['host', 'authorization'];

/** The supported versions. Node's parser also accepts 2.0 and 0.9, a line without a version, as if they were these. */
const versions = ['1.0', '1.1'];

/**
 * A host and perhaps a port (RFC 3986, sections 3.2.2 and 3.2.3). A client whose target has no authority sends an empty
 * one.
 */
const authority = /^(?:\[[\w.:%~-]+\]|[\w.~!$&'()*+,;=%-]*)(?::(\d*))?$/;

/**
 * Refuses a request with another version, too many headers, a repeated Host or Authorization, a Host that is none, or a
 * coding or demand that is not implemented. What the host does not know is not checked.
 *
 * @throws HttpError `malformed_request` | `headers_too_large` | `not_implemented` | `expectation_failed`
 */
export function refuseHostileHeaders({ header, rawHeaders, httpVersion }: ApiRequest): void {
  if (httpVersion !== undefined && !versions.includes(httpVersion)) {
    throw new HttpError('malformed_request', 'The version of HTTP is not known', { Connection: 'close' });
  }
  if (rawHeaders) {
    // The array has names and values in turn.
    if (rawHeaders.length > 2 * maxHeaders) {
      throw new HttpError('headers_too_large', `At most ${maxHeaders} headers may be sent`);
    }
    refuseRepeatedHeaders(rawHeaders);
    // An HTTP/1.1 request must have a Host (RFC 9112, section 3.2).
    if (httpVersion === '1.1' && countOf('host', rawHeaders) === 0) {
      throw new HttpError('malformed_request', 'The header host is missing');
    }
  }
  const [isHost, port] = authority.exec(header('host') ?? '') ?? [];
  if (isHost === undefined || Number(port ?? 0) > 65_535) {
    throw new HttpError('malformed_request', 'The header host is not valid');
  }
  const coding = header('transfer-encoding');
  // Node decodes the chunks alone (RFC 9112, section 6.1).
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new HttpError('not_implemented', 'The only transfer coding is chunked', { Connection: 'close' });
  }
  const expectation = header('expect');
  if (expectation && expectation.toLowerCase() !== '100-continue') {
    throw new HttpError('expectation_failed', 'The only expectation that is met is 100-continue');
  }
}

/** @throws HttpError `malformed_request` when a header that must not repeat does */
export function refuseRepeatedHeaders(rawHeaders: readonly string[]): void {
  for (const name of singular) {
    if (countOf(name, rawHeaders) > 1) throw new HttpError('malformed_request', `The header ${name} may be sent once`);
  }
}

function countOf(wanted: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === wanted.length && name.toLowerCase() === wanted) count += 1;
  }
  return count;
}
