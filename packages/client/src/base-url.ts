/**
 * The URL that the paths of the API follow, without a slash at its end.
 *
 * @throws TypeError when it is not a URL, has a user, a query or a fragment, or would send tokens unencrypted
 */
export function parseBaseUrl(baseUrl: string | URL, allowInsecure: boolean): string {
  const url = new URL(baseUrl, globalThis.location?.href);
  const { protocol, hostname, username, password, search, hash } = url;
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('The base URL must begin with https://');
  if (username || password || search || hash) {
    throw new TypeError('The base URL must have neither a user, nor a query, nor a fragment');
  }
  if (protocol === 'http:' && !allowInsecure && !isThisMachine(hostname)) {
    throw new TypeError('The base URL must begin with https://, since it carries passwords and tokens');
  }
  return url.href.replace(/\/$/, '');
}

/** Names and addresses that never leave the machine (RFC 6761, section 6.3). */
function isThisMachine(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]';
}
