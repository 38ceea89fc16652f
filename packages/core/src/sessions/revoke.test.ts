import { describe, expect, it } from 'vitest';
import { issuesOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

async function withAda() {
  const story = scenario();
  const { application, register, login, session } = story;
  await register('Ada');
  const tokens = await login('Ada');
  const ada = await application.authenticate.execute(anyone, tokens);
  const other = await session('Ada');
  const revoke = (token: string) => application.revoke.execute(anyone, { token });
  return { ...story, tokens, ada, other, revoke };
}

describe('Revoke', () => {
  it.each(['refreshToken', 'accessToken'] as const)('ends the session of a %s, and no other', async (kind) => {
    const { tokens, ada, other, revoke, isOpen } = await withAda();
    expect(await revoke(tokens[kind])).toBeUndefined();
    expect([await isOpen(ada), await isOpen(other)]).toEqual([false, true]);
  });

  it('ends the session of a refresh token that has turned, too', async () => {
    const { application, tokens, ada, revoke, isOpen, clock } = await withAda();
    await application.refresh.execute(anyone, tokens);
    clock.advance(60);
    await revoke(tokens.refreshToken);
    expect(await isOpen(ada)).toBe(false);
  });

  it('tells of it once, however often it is asked', async () => {
    const { application, tokens, ada, audited } = await withAda();
    const caller = { ip: '203.0.113.7', userAgent: 'App/1' };
    for (const token of [tokens.refreshToken, tokens.accessToken, tokens.refreshToken]) {
      await application.revoke.execute(caller, { token });
    }
    const ended = (await audited()).filter(({ type }) => type === 'session.ended');
    expect(ended).toMatchObject([{ actorId: undefined, subjectId: ada.user.id, ...caller, detail: { count: 1 } }]);
  });

  it.each(['', 'none', '\0', '\ud800', 'x'.repeat(1_000_000)])('takes %.20j for revoked', async (text) => {
    const { revoke, ada, isOpen, calls } = await withAda();
    calls.length = 0;
    expect(await revoke(text)).toBeUndefined();
    expect(calls).not.toContain('transaction');
    expect(await isOpen(ada)).toBe(true);
  });

  it('takes an access token that is over for revoked', async () => {
    const { tokens, revoke, clock, ada, isOpen } = await withAda();
    clock.advance(1800);
    expect(await revoke(tokens.accessToken)).toBeUndefined();
    expect(await isOpen(ada)).toBe(true);
  });

  it('takes the tokens of a deleted user for revoked', async () => {
    const { application, tokens, ada, revoke, audited } = await withAda();
    await application.deleteAccount.execute(ada);
    expect(await revoke(tokens.refreshToken)).toBeUndefined();
    expect((await audited()).at(-1)).toMatchObject({ type: 'user.deleted' });
  });

  it.each([{}, { token: null }, { token: 7 }])('wants a token, not %o', async (input) => {
    const { application } = scenario();
    expect(await issuesOf(application.revoke.execute(anyone, input as never))).toHaveProperty('token');
  });
});
