import type { ApiRequest } from '../messages.ts';
import { HttpError } from '../problems/http-error.ts';

/**
 * Refuses a form that a browser sends for a page of another origin. Modern browsers tell by `Sec-Fetch-Site` (W3C Fetch
 * Metadata, section 2.3) where the request comes from, but not to a host reached by plain HTTP. `Origin` (RFC 6454,
 * section 7) is compared with the public URL, because `Host` may be a proxy's. It is `null` where a page hides its origin.
 * A client that sends neither, such as curl, passes.
 *
 * @param origin the origin of the public URL
 * @throws HttpError `foreign_origin`
 */
export function refuseForeignPage({ header }: Pick<ApiRequest, 'header'>, origin: string): void {
  const site = header('sec-fetch-site');
  const isOwn = site === undefined ? (header('origin') ?? origin) === origin : /^(same-origin|none)$/.test(site);
  if (!isOwn) throw new HttpError('foreign_origin', 'The form was sent by a page of another origin');
}
