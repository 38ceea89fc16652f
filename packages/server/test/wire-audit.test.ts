import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import { admin, type Answer, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

describe.each(stores)('GET /admin/audit on %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store, { clock });
    root = await admin(server);
  });
  afterAll(() => server.close());

  const list = (query = '') => server.request(`GET /admin/audit${query}`, { token: root.token });
  const typesOf = async (query: string): Promise<string[]> => (await list(query)).body.map(({ type }: any) => type);
  const logIn = (email: string, password: string, userAgent = 'A browser') =>
    server.request('POST /auth/login', { json: { email, password }, headers: { 'User-Agent': userAgent } });

  it('answers what happened to a user, the newest first', async () => {
    const { id, email, password } = await member(server);
    const { body: session } = await logIn(email, password);
    await logIn(email, 'secret124');
    const { status, headers, body } = await list(`?subject_id=${id}`);
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    const event = (type: string, rest: object) => ({
      id: expect.any(Number),
      at: clock.now().toISOString(),
      type,
      actor_id: null,
      subject_id: id,
      ip: null,
      user_agent: null,
      detail: expect.any(Object),
      ...rest,
    });
    const origin = { ip: '127.0.0.1', user_agent: 'A browser' };
    expect(body).toEqual([
      event('user.login_failed', origin),
      event('user.logged_in', { ...origin, actor_id: id, detail: { new_device: true } }),
      event('user.logged_in', { actor_id: id }),
      event('user.registered', {}),
    ]);
    expect(JSON.stringify(body)).not.toContain(session.access_token);
  });

  it('records a failed login for an unknown address, without a subject', async () => {
    await logIn('nobody@example.com', 'secret123', 'A stranger');
    const [newest] = (await list('?type=user.login_failed&limit=1')).body;
    expect(newest).toMatchObject({ actor_id: null, subject_id: null, user_agent: 'A stranger' });
  });

  it('filters by subject, by actor, by type, and by all of them', async () => {
    const [ada, bob] = [await member(server), await member(server)];
    const byRoot = (methodAndPath: string, json?: unknown) =>
      server.request(methodAndPath, { token: root.token, ...(json !== undefined && { json }) });
    await byRoot(`PATCH /admin/users/${ada.id}/role`, { role: 'admin' });
    await byRoot(`PATCH /admin/users/${ada.id}/deactivate`);
    await byRoot(`DELETE /admin/users/${bob.id}/sessions`);
    await server.request('PATCH /users/me/deactivate', { token: bob.token });

    const done = ['user.deactivated', 'user.role_changed'];
    expect(await typesOf(`?actor_id=${root.id}&subject_id=${ada.id}`)).toEqual(done);
    expect(await typesOf(`?type=session.ended&subject_id=${bob.id}`)).toEqual(['session.ended']);
    expect(await typesOf(`?actor_id=${root.id}&subject_id=${bob.id}&type=user.deactivated`)).toEqual([]);
    expect(await typesOf('?subject_id=999999')).toEqual([]);
    const roles = (await list(`?type=user.role_changed&subject_id=${ada.id}`)).body;
    expect(roles).toEqual([expect.objectContaining({ actor_id: root.id, subject_id: ada.id })]);
  });

  it('filters by the address that the call came from, however it is spelt', async () => {
    const [ada, bob] = [await member(server), await member(server)];
    await logIn(ada.email, 'secret124');
    await server.application.login.execute({ ip: '2001:db8::1' }, { email: bob.email, password: bob.password });
    const subjectsOf = async (ip: string) =>
      (await list(`?limit=100&ip=${encodeURIComponent(ip)}`)).body.map((entry: any) => [entry.ip, entry.subject_id]);
    const local = await subjectsOf('127.0.0.1');
    expect(local[0]).toEqual(['127.0.0.1', ada.id]);
    expect(new Set(local.map(([ip]: any) => ip))).toEqual(new Set(['127.0.0.1']));
    expect(await subjectsOf('2001:db8::1')).toEqual([['2001:db8::1', bob.id]]);
    expect(await subjectsOf('::ffff:127.0.0.1')).toEqual(local);
    expect(await subjectsOf('2001:DB8::0001')).toEqual([['2001:db8::1', bob.id]]);
    expect(await subjectsOf('127.0.0.2')).toEqual([]);
    const both = await list(`?ip=127.0.0.1&subject_id=${ada.id}&type=user.login_failed`);
    expect(both.body).toHaveLength(1);
  });

  it('filters by time: from a moment on, and before another', async () => {
    const { id, email } = await member(server);
    const moments: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      clock.advance(60);
      moments.push(clock.now().toISOString());
      await logIn(email, 'secret124');
    }
    const atOf = async (query: string) =>
      (await list(`?subject_id=${id}&type=user.login_failed&${query}`)).body.map(({ at }: any) => at);
    const [first = '', second = '', third = ''] = moments;
    expect(await atOf(`since=${second}`)).toEqual([third, second]);
    expect(await atOf(`until=${second}`)).toEqual([first]);
    expect(await atOf(`since=${second}&until=${third}`)).toEqual([second]);
    expect(await atOf(`since=${third}&until=${second}`)).toEqual([]);
    // The same moment, as another time zone writes it.
    const offset = new Date(Date.parse(second) + 5.5 * 3_600_000).toISOString().replace('Z', '+05:30');
    expect(await atOf(`since=${encodeURIComponent(offset)}`)).toEqual([third, second]);
    const day = second.slice(0, 10);
    expect(await atOf(`since=${day}&until=${second}`)).toEqual([first].filter((at) => at.startsWith(day)));
    expect(await atOf('since=0001-01-01&until=9999-12-31')).toEqual([third, second, first]);
  });

  it('pages with its filters, by time as by key', async () => {
    const { id, email } = await member(server);
    for (let count = 0; count < 3; count += 1) await logIn(email, 'secret124');
    const since = clock.now().toISOString();
    const query = new URLSearchParams({ subject_id: String(id), ip: '127.0.0.1', since, limit: '2' });
    const first = await list(`?${query}`);
    query.set('after', String(first.body[1].id));
    expect(nextOf(first)).toBe(`/admin/audit?${query}`);
    expect([first.body.length, (await list(`?${query}`)).body.length]).toEqual([2, 1]);
  });

  it('pages by key, as its link says, and misses nothing', async () => {
    const { id, email } = await member(server);
    for (let count = 0; count < 5; count += 1) await logIn(email, 'secret124');
    const query = `?subject_id=${id}&limit=3`;
    const whole = (await list(`?subject_id=${id}`)).body;
    const pages = [];
    let next: string | undefined = `/admin/audit${query}`;
    while (next !== undefined) {
      const page: Answer = await server.request(`GET ${next}`, { token: root.token });
      pages.push(page.body);
      next = nextOf(page);
      // What happens meanwhile moves no page.
      await logIn(email, 'secret124');
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(whole);
  });

  it('keeps no password, token, hash or link, whatever happened', async () => {
    const person = await member(server);
    const { email, password, token, refreshToken, id } = person;
    const json = { current_password: password, new_password: 'newSecret456' };
    const changed = (await server.request('PATCH /users/me/password', { token, json })).body;
    await server.request('POST /auth/refresh', { json: { refresh_token: changed.refresh_token } });
    clock.advance(31);
    await server.request('POST /auth/refresh', { json: { refresh_token: changed.refresh_token } });
    await server.request('POST /auth/forgot-password', { json: { email } });
    await server.sendMails();
    const link = server.mailbox.tokenFor(email, 'reset-password') ?? '';
    await server.request('POST /auth/reset-password', { json: { token: link, new_password: 'newSecret789' } });
    await logIn(email, 'a wrong secret 1');

    const { body } = await list(`?subject_id=${id}&limit=100`);
    const types = [
      'user.login_failed',
      'user.password_reset',
      'user.email_verified',
      'session.stolen',
      'user.password_changed',
    ];
    expect(body.map(({ type }: any) => type).slice(0, types.length)).toEqual(types);
    const text = JSON.stringify(body);
    const tokens = [token, refreshToken, changed.access_token, changed.refresh_token];
    const signatures = tokens.map((text) => text.split('.').at(-1) ?? '');
    const secrets = [password, 'newSecret456', 'newSecret789', 'a wrong secret 1', link, ...signatures];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/plain:|argon2|eyJ/);
  });

  it('outlives the user that it concerns', async () => {
    const { id, token } = await member(server);
    await server.request('DELETE /users/me', { token });
    expect((await typesOf(`?subject_id=${id}`))[0]).toBe('user.deleted');
  });

  it('refuses a query that is none', async () => {
    const wrongTimes = ['', 'yesterday', '2026-02-30', '2026-13-01', '1767225600', '2026-01-01T00:00:00', '26-01-01'];
    wrongTimes.push('0000-01-01', '0001-01-01T00:00:00%2B14:00', '9999-12-31T23:59:59-14:00');
    const wrong = ['?type=user.born', '?subject_id=x', '?actor_id=0', '?limit=101', '?after=-1', '?ip=', '?ip=a%00b'];
    wrong.push('?ip=127.0.0', '?ip=127.0.0.1/8', '?ip=2001:db8::%25', '?ip=unknown');
    wrong.push(`?ip=${'1'.repeat(46)}`, '?ip=1&ip=2', '?since=2026-01-01&since=2026-01-02');
    for (const query of [...wrong, ...wrongTimes.flatMap((time) => [`?since=${time}`, `?until=${time}`])]) {
      const answer = await list(query);
      expect(invalidOf(answer), query).toEqual(expect.any(Object));
      expect(answer.body.errors).toEqual([{ pointer: `/${query.slice(1).split('=')[0]}`, detail: expect.any(String) }]);
    }
  });

  it('is for admins', async () => {
    const { token } = await member(server);
    expect(challengeOf(await server.request('GET /admin/audit'))).toBe('Not authenticated');
    expect(problemOf(await server.request('GET /admin/audit', { token }))).toEqual([403, 'Admin access required']);
  });
});
