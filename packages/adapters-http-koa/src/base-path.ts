/** The path under which clients know this server, which a proxy before it takes off; empty at the root. The URL ends without a slash. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
