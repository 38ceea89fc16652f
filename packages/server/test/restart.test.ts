import { describe, expect, it } from 'vitest';
import { ada, eachInADirectory, login, onPostgres, registerAndLogin, send } from './sallyport-process.ts';

const { serve } = eachInADirectory();

describe.each<[string, () => Promise<Record<string, string>>]>([
  ['PGlite', async () => ({ SECRET_KEY: 'a secret key for tests, long enough' })],
  ['Postgres', onPostgres],
])('a restart after kill -9, on %s,', (_store, prepare) => {
  it('leaves every token what it was: live, turned, stolen or ended (CVE-2026-9802)', async () => {
    const environment = await prepare();
    const first = serve(environment);
    const url = await first.url;
    const startSession = async () => (await send(url, '/auth/login', ada)).body;
    const turn = async (at: string, refreshToken: string) => {
      const { status, body } = await send(at, '/auth/refresh', { refresh_token: refreshToken });
      return { status, accessToken: body.access_token, refreshToken: body.refresh_token };
    };

    const over = await registerAndLogin(url);
    const [kept, stolen, ended] = [await startSession(), await startSession(), await startSession()];
    const keptLater = await turn(url, kept.refresh_token);
    const stolenLater = await turn(url, stolen.refresh_token);
    const stolenLatest = await turn(url, stolenLater.refreshToken);
    for (const { status } of [keptLater, stolenLater, stolenLatest]) expect(status).toBe(200);
    await fetch(`${url}/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${over}` } });
    await fetch(`${url}/auth/revoke`, { method: 'POST', body: new URLSearchParams({ token: ended.refresh_token }) });
    first.kill('SIGKILL');
    await first.ended;

    const second = serve(environment);
    const again = await second.url;
    const me = async (token: string) => (await send(again, '/users/me', undefined, token)).status;
    expect(await Promise.all([kept, stolen].map(({ access_token }) => me(access_token)))).toEqual([200, 200]);
    expect(await Promise.all([over, ended.access_token].map(me))).toEqual([401, 401]);
    expect((await turn(again, ended.refresh_token)).status).toBe(401);

    // Within the grace, the one before has the very same successor; the one before that is a thief's.
    expect(await turn(again, kept.refresh_token)).toMatchObject({ status: 200, refreshToken: keptLater.refreshToken });
    expect((await turn(again, keptLater.refreshToken)).status).toBe(200);
    expect((await turn(again, stolen.refresh_token)).status).toBe(401);
    expect((await turn(again, stolenLatest.refreshToken)).status).toBe(401);
    expect(await me(stolenLatest.accessToken)).toBe(401);
    expect(await me(await login(again, ada))).toBe(200);
    expect((await second.stop()).code).toBe(0);
  });
});
