import { expect } from 'vitest';
import { type Answer, basePath } from './start-server.ts';

/**
 * The path and query of the next page inside the API, if the answer links to one. The link itself contains the path of
 * the mount.
 */
export function nextOf({ headers }: Pick<Answer, 'headers'>): string | undefined {
  const link = headers.get('Link');
  if (link === null) return undefined;
  const [, target = ''] = /^<([^>]+)>; rel="next"$/.exec(link) ?? [];
  expect(target.slice(0, basePath.length + 1), link).toBe(`${basePath}/`);
  return target.slice(basePath.length);
}
