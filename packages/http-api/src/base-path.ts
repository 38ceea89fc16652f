/**
 * The path of the public URL of the API; empty at the root.
 *
 * @throws Error when the URL is invalid or ends with a slash: it is also the issuer, which must be the same everywhere
 */
export function basePathOf(publicUrl: string): string {
  if (!URL.canParse(publicUrl) || publicUrl.endsWith('/')) {
    throw new Error(`The public URL must be a URL without a slash at its end: ${publicUrl}`);
  }
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
