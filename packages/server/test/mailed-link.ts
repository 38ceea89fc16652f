import { expect } from 'vitest';
import { invalidOf, problemOf } from './problem.ts';
import type { Answer, TestServer } from './start-server.ts';

/** What every text gets that is no valid link. */
export const invalidLink = [400, 'Invalid or expired token'];

/** A success without a word. */
export function isDone({ status, headers, body }: Answer, expected = 204): void {
  expect([status, headers.get('Cache-Control'), body]).toEqual([expected, 'no-store', '']);
}

/** Texts that are no valid token get one answer, however close they are to a live one. */
export async function refusesOthers(server: TestServer, path: string, live: string, rest: object): Promise<void> {
  const send = (token: unknown) => server.request(`POST ${path}`, { json: { token, ...rest } });
  const bent = [live.slice(0, -1), `${live}x`, `${live}=`, ` ${live}`, live.toUpperCase(), encodeURIComponent(live)];
  for (const token of ['', ' ', 'x', '\0', 'null', 'x'.repeat(100_000), ...bent.filter((text) => text !== live)]) {
    expect(problemOf(await send(token)), token.slice(0, 100)).toEqual(invalidLink);
  }
  for (const token of [null, undefined, 7, [live], { token: live }]) {
    expect(Object.keys(invalidOf(await send(token)))).toEqual(['/token']);
  }
}
