import { describe, expect, it } from 'vitest';
import { ada, eachInADirectory, onPostgres, registerAndLogin, send } from './sallyport-process.ts';

const { serve } = eachInADirectory();

/** A machine whose clock goes wrong by so many seconds. */
function skewed(seconds: number): Record<string, string> {
  const module = `
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...given) { given.length > 0 ? super(...given) : super(Right.now() + ${seconds * 1000}); }
      static now() { return Right.now() + ${seconds * 1000}; }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

describe('nodes whose clocks differ by minutes', () => {
  it('believe each other’s tokens, grant each other’s grace, and take nothing for expired', async () => {
    const shared = { ...(await onPostgres()), RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '3/minute' };
    const [right, early, late] = (await Promise.all(
      [0, 300, -300].map((seconds) => serve({ ...shared, ...skewed(seconds) }).url),
    )) as [string, string, string];
    const token = await registerAndLogin(early);
    for (const node of [right, early, late]) {
      expect((await send(node, '/users/me', undefined, token)).status).toBe(200);
    }

    const first = (await send(early, '/auth/login', ada)).body.refresh_token;
    const second = (await send(late, '/auth/refresh', { refresh_token: first })).body.refresh_token;
    // Its answer was lost, and another node is asked again: within the grace, by whichever clock.
    expect((await send(early, '/auth/refresh', { refresh_token: first })).body.refresh_token).toBe(second);
    const third = await send(late, '/auth/refresh', { refresh_token: second });
    expect(third.status).toBe(200);

    // Each node's window is every node's: no clock opens it again.
    const statuses: number[] = [];
    for (const node of [late, early, right, late, early, right]) {
      statuses.push((await send(node, '/auth/login', { email: 'nobody@example.com', password: 'wrong-1' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  });
});
