import { describe, expect, it } from 'vitest';
import { emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

/** Grace, who asks, and Ada, whose tokens they are. */
async function withAda() {
  const story = scenario();
  const { application, admin, register, login } = story;
  const grace = await admin('Grace');
  await register('Ada');
  const tokens = await login('Ada');
  const ada = await application.authenticate.execute(anyone, tokens);
  const introspect = (token: string) => application.introspect.execute(grace, { token });
  return { ...story, grace, ada, tokens, introspect };
}

const start = Date.parse('2026-01-01T00:00:00Z') / 1000;
const day = 24 * 60 * 60;

describe('Introspect', () => {
  it('says whose an access token is, and until when it holds', async () => {
    const { introspect, tokens, ada } = await withAda();
    expect(await introspect(tokens.accessToken)).toStrictEqual({
      active: true,
      sub: String(ada.user.id),
      username: emailOf('Ada'),
      clientId: 'sallyport',
      sid: ada.sessionId,
      iat: start,
      exp: start + 1800,
    });
  });

  it('says whose a refresh token is, and until when it holds', async () => {
    const { application, introspect, tokens, ada, clock } = await withAda();
    clock.advance(60.9);
    const { refreshToken } = await application.refresh.execute(anyone, tokens);
    expect(await introspect(refreshToken)).toStrictEqual({
      active: true,
      sub: String(ada.user.id),
      username: emailOf('Ada'),
      clientId: 'sallyport',
      sid: ada.sessionId,
      iat: start + 60,
      exp: start + 60 + 30 * day,
    });
  });

  it.each(['', 'none', '\0', '\ud800', 'x'.repeat(1_000_000)])('says nothing of a string: %.20j', async (text) => {
    const { introspect } = await withAda();
    expect(await introspect(text)).toStrictEqual({ active: false });
  });

  it('says nothing of an access token that is over', async () => {
    const { introspect, tokens, clock } = await withAda();
    clock.advance(1799.999);
    expect(await introspect(tokens.accessToken)).toHaveProperty('active', true);
    clock.advance(0.001);
    expect(await introspect(tokens.accessToken)).toStrictEqual({ active: false });
  });

  it('says nothing of a refresh token that lay idle', async () => {
    const { introspect, tokens, clock } = await withAda();
    clock.advance(30 * day - 0.001);
    expect(await introspect(tokens.refreshToken)).toHaveProperty('active', true);
    clock.advance(0.001);
    expect(await introspect(tokens.refreshToken)).toStrictEqual({ active: false });
  });

  it('says nothing of a refresh token that has turned or is yet to come, and ends nothing by looking', async () => {
    const { application, introspect, tokens, ada, clock, ports, isOpen } = await withAda();
    const second = await application.refresh.execute(anyone, tokens);
    const later = await ports.refreshTokens.issue({ sessionId: ada.sessionId, generation: 2 });
    clock.advance(60);
    expect(await introspect(tokens.refreshToken)).toStrictEqual({ active: false });
    expect(await introspect(later)).toStrictEqual({ active: false });
    expect(await isOpen(ada)).toBe(true);
    expect(await introspect(second.refreshToken)).toHaveProperty('active', true);
  });

  type Story = Awaited<ReturnType<typeof withAda>>;
  it.each<[string, (story: Story) => Promise<unknown>]>([
    ['after a logout', ({ application, ada }) => application.logout.execute(ada)],
    [
      'after the password was changed elsewhere',
      async ({ application, session }) =>
        application.changePassword.execute(await session('Ada'), {
          currentPassword: password,
          newPassword: 'newSecret456',
        }),
    ],
    ['after a deactivation', ({ application, ada }) => application.deactivate.execute(ada)],
    [
      'while the user is out of use, even where a session stayed open',
      ({ ports, ada }) => ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { isActive: false })),
    ],
    ['after a deletion', ({ application, ada }) => application.deleteAccount.execute(ada)],
  ])('says nothing of any token %s', async (_, act) => {
    const story = await withAda();
    await act(story);
    expect(await story.introspect(story.tokens.accessToken)).toStrictEqual({ active: false });
    expect(await story.introspect(story.tokens.refreshToken)).toStrictEqual({ active: false });
  });

  it('writes nothing', async () => {
    const { introspect, tokens, calls } = await withAda();
    calls.length = 0;
    await introspect(tokens.accessToken);
    await introspect(tokens.refreshToken);
    expect(calls).not.toContain('transaction');
  });

  it('wants a token', async () => {
    const { application, grace } = await withAda();
    expect(await issuesOf(application.introspect.execute(grace, {} as never))).toEqual({ token: 'Field required' });
  });
});
