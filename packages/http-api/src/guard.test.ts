import { describe, expect, it } from 'vitest';
import { nodeGuard } from './node/guard.ts';
import { admin, apiRequest, jsonOf, member, testApi } from '../test/api.ts';

describe('the guard', () => {
  const guarded = (tested: ReturnType<typeof testApi>, token: string | undefined, who: 'member' | 'admin' = 'member') =>
    tested.api.guard(apiRequest('GET /reports', { token }), who);
  const refusalOf = (answer: Awaited<ReturnType<typeof guarded>>) =>
    'refusal' in answer ? [jsonOf(answer.refusal).detail, answer.refusal.headers['WWW-Authenticate']] : [];

  it('admits the genuine member that use cases accept', async () => {
    const tested = testApi();
    const { token, id } = await member(tested);
    const answer = await guarded(tested, token);
    if (!('member' in answer)) throw new Error('Refused');
    expect(answer.member).toMatchObject({ user: { id }, ip: '192.0.2.1', requestId: 'r1' });
    expect(await tested.application.getProfile.execute(answer.member)).toMatchObject({ id });
  });

  it('refuses all others as the API does', async () => {
    const tested = testApi();
    const [{ token }, left] = [await member(tested), await member(tested)];
    await tested.api.handle(apiRequest('POST /auth/logout', { token: left.token }));
    const invalid = ['Invalid or expired token', 'Bearer error="invalid_token"'];
    expect(refusalOf(await guarded(tested, undefined))).toEqual(['Not authenticated', 'Bearer']);
    expect(refusalOf(await guarded(tested, 'x'))).toEqual(invalid);
    expect(refusalOf(await guarded(tested, left.token))).toEqual(invalid);
    expect(refusalOf(await guarded(tested, token, 'admin'))).toEqual(['Admin access required', undefined]);
    expect(await guarded(tested, (await admin(tested)).token, 'admin')).toHaveProperty('member');
  });

  it('admits the members of the roles that it names', async () => {
    const tested = testApi();
    const request = apiRequest('GET /reports', { token: (await member(tested)).token });
    expect(await tested.api.guard(request, { roles: ['user', 'admin'] })).toHaveProperty('member');
    const refused = await tested.api.guard(request, { roles: ['admin'] });
    expect(refusalOf(refused)).toEqual(['Your role does not allow this', undefined]);
  });

  it('admits the roles of the moment when it was asked, whatever becomes of their object', async () => {
    const tested = testApi();
    const { token } = await member(tested);
    const who = { roles: ['admin'] as [string] };
    const answer = tested.api.guard(apiRequest('GET /reports', { token }), who);
    who.roles[0] = 'user';
    expect(refusalOf(await answer)).toEqual(['Your role does not allow this', undefined]);
  });

  it.each([
    [{ roles: ['user', 'edtior'] }, 'A guard admits the role "edtior". The application has user, admin'],
    [{ roles: [] }, 'A guard admits member, admin or roles(…)'],
    ['Admin', 'A guard admits member, admin or roles(…)'],
    [undefined, 'A guard admits member, admin or roles(…)'],
    [null, 'A guard admits member, admin or roles(…)'],
  ])('refuses to admit %j', async (misspelt, sentence) => {
    const tested = testApi();
    const who = misspelt as never;
    expect(() => tested.api.guard.readMembers(who)).toThrow(sentence);
    expect(() => nodeGuard(tested.api).require(who)).toThrow(sentence);
    const { token } = await member(tested);
    const answer = await tested.api.guard(apiRequest('GET /reports', { token }), who);
    expect(answer).toMatchObject({ refusal: { status: 500 } });
  });

  it('refuses a repeated Authorization header', async () => {
    const tested = testApi();
    const { token } = await member(tested);
    const rawHeaders = ['Authorization', `Bearer ${token}`, 'authorization', 'Bearer x'];
    const refused = await tested.api.guard(apiRequest('GET /reports', { token, rawHeaders }), 'member');
    expect(refusalOf(refused)).toEqual(['The header authorization may be sent once', undefined]);
  });

  it('does not admit a member of another application', async () => {
    const [one, other] = [testApi(), testApi()];
    const { token } = await member(one);
    const answer = await guarded(one, token);
    if (!('member' in answer)) throw new Error('Refused');
    await expect(other.application.getProfile.execute(answer.member)).rejects.toMatchObject({
      code: 'not_authenticated',
    });
  });
});
