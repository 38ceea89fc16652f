import { createHash } from 'node:crypto';
import type { ApiRequest, ApiResponse } from '../messages.ts';
import type { Endpoint } from '../routes/path-table.ts';

/** The media types of the files, by their extensions. */
export const mediaTypes = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
} as const;

/** Content that a browser may keep, but must revalidate each time. */
interface File {
  readonly content: string | Uint8Array;
  readonly etag: string;
}

/** Content that is known beforehand. */
export function fixed(content: string): () => File {
  const file = toFile(content);
  return () => file;
}

/** Reads a file when it is first asked for, and again after a failure. */
export function once(read: () => Promise<Uint8Array>): () => Promise<File> {
  let file: Promise<File> | undefined;
  return () =>
    (file ??= read()
      .then(toFile)
      .catch((error: unknown) => {
        file = undefined;
        throw error;
      }));
}

/** Serves a file at a path. */
export function fileEndpoint(
  path: string,
  extension: keyof typeof mediaTypes,
  read: () => File | Promise<File>,
  more: Readonly<Record<string, string>> = {},
): Endpoint {
  return {
    method: 'GET',
    path,
    statuses: [200, 304],
    async answer(request): Promise<ApiResponse> {
      const { content, etag } = await read();
      const headers = { ...more, 'Cache-Control': 'no-cache', ETag: etag };
      if (isFresh(request, etag)) return { status: 304, headers };
      return { status: 200, headers: { ...headers, 'Content-Type': mediaTypes[extension] }, body: content };
    },
  };
}

function toFile(content: string | Uint8Array): File {
  return { content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
}

/** Whether the client has this content already (RFC 9110, section 13.1.2), and does not insist on a new copy. */
function isFresh({ header }: ApiRequest, etag: string): boolean {
  const known = (header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known.includes(etag) && !known.includes('*')) return false;
  return !/(^|,)\s*no-cache\s*(,|$)/.test(header('cache-control') ?? '');
}
