/** A scheme, a host, which is a name or an IPv6 address, and then perhaps a port and a path. */
const publicUrl =
  /^https?:\/\/(?:\[[\da-f:.]+\]|[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?)(?::\d{1,5})?(?:\/[^\s?#\\]*)?$/iu;

/** Whether this can be the public URL of an API, apart from slashes at its end. */
export function isPublicUrl(text: string): boolean {
  // The text is checked as it is, because parsers skip empty parts, add missing ones and drop invisible characters.
  return publicUrl.test(text) && !/\p{C}/u.test(text) && URL.canParse(text);
}

/**
 * The path of the public URL of the API; empty at the root.
 *
 * @throws Error when the URL is invalid or ends with a slash: it is also the issuer, which must be the same everywhere
 */
export function basePathOf(publicUrl: string): string {
  if (!isPublicUrl(publicUrl) || publicUrl.endsWith('/')) {
    throw new Error(
      'The option publicUrl must be a URL like https://example.com/accounts: of http or https, without credentials, query, fragment or a slash at its end',
    );
  }
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
