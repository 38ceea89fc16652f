/** The path of the public URL, which a proxy strips; empty at the root. The URL ends without a slash. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
