import { describe, expect, it, vi } from 'vitest';
import { refreshing } from '../../test/refreshing.ts';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

const day = 24 * 60 * 60;

describe('Refresh', () => {
  it('hands out another pair of tokens for the same session', async () => {
    const { application, first, refresh, ada, clock } = await refreshing();
    clock.advance(60);
    const second = await refresh(first.refreshToken);
    expect(second).toStrictEqual({
      accessToken: expect.any(String) as string,
      tokenType: 'bearer',
      expiresIn: 1800,
      refreshToken: expect.any(String) as string,
      user: first.user,
    });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    const { sessionId } = await application.authenticate.execute(anyone, second);
    expect(sessionId).toBe(ada.sessionId);
  });

  it('turns the token each time, and says when the session was last used', async () => {
    const { first, refresh, ada, ports, clock } = await refreshing();
    const started = clock.now();
    let { refreshToken } = first;
    const tokens = new Set([refreshToken]);
    for (let turn = 1; turn <= 5; turn += 1) {
      clock.advance(3600);
      ({ refreshToken } = await refresh(refreshToken));
      tokens.add(refreshToken);
      const found = await ports.sessions.findWithUser(ada.sessionId);
      const [createdAt, now] = [started, clock.now()];
      expect(found?.session).toMatchObject({ generation: turn, createdAt, turnedAt: now, lastUsedAt: now });
    }
    expect(tokens.size).toBe(6);
  });

  it('lets the access token before it live as long as it was to', async () => {
    const { first, refresh, works } = await refreshing();
    const second = await refresh(first.refreshToken);
    expect([await works(first), await works(second)]).toEqual([true, true]);
  });

  it('leaves the session where it is, where no access token can be signed', async () => {
    const { clock, faults, first, refresh, works } = await refreshing();
    faults.fail('accessTokens.issue');
    expect(await codeOf(refresh(first.refreshToken))).toBe('unavailable');
    clock.advance(60);
    expect(await works(await refresh(first.refreshToken))).toBe(true);
  });

  it('shows the account as it is now', async () => {
    const { application, first, refresh, admin } = await refreshing();
    await application.changeRole.execute(await admin('Grace'), { id: first.user.id, role: 'admin' });
    expect(await refresh(first.refreshToken)).toMatchObject({ user: { role: 'admin' } });
  });

  it('reads nothing but the token', async () => {
    const { application, first, register, login, ada } = await refreshing();
    await register('Eve');
    const { refreshToken, user } = await login('Eve');
    const input = { refreshToken, userId: first.user.id, sessionId: ada.sessionId, generation: 0 };
    expect(await application.refresh.execute(anyone, input)).toMatchObject({ user });
  });

  it.each(['', ' ', 'refresh', '\0', '\ud800', '__proto__', 'x'.repeat(1_000_000)])(
    'refuses a string that is no token: %.20j',
    async (text) => {
      const { refresh, first, works, calls } = await refreshing();
      calls.length = 0;
      expect(await codeOf(refresh(text))).toBe('invalid_refresh_token');
      expect(calls).toEqual(['refreshTokens.read']);
      expect(await works(first)).toBe(true);
    },
  );

  it.each([
    [{}, 'Field required'],
    [{ refreshToken: null }, 'Must be a string'],
    [{ refreshToken: ['a'] }, 'Must be a string'],
  ])('refuses %o', async (input, message) => {
    const { application } = scenario();
    expect(await issuesOf(application.refresh.execute(anyone, input as never))).toEqual({ refreshToken: message });
  });

  it('refuses an access token, though it is ours', async () => {
    const { refresh, first } = await refreshing();
    expect(await codeOf(refresh(first.accessToken))).toBe('invalid_refresh_token');
  });
});

describe('A refresh token of a generation yet to come', () => {
  it('is refused, and ends no session', async () => {
    const { ports, ada, first, refresh, isOpen, audited } = await refreshing();
    for (const generation of [1, 2, 2 ** 31]) {
      const early = await ports.refreshTokens.issue({ sessionId: ada.sessionId, generation });
      expect(await codeOf(refresh(early))).toBe('invalid_refresh_token');
    }
    expect(await isOpen(ada)).toBe(true);
    expect((await audited()).map(({ type }) => type)).not.toContain('session.stolen');
    expect(await refresh(first.refreshToken)).toHaveProperty('accessToken');
  });

  it('ends no session if it expires between two reads of the session', async () => {
    const { ports, ada, refresh, isOpen, within } = await refreshing();
    const early = await ports.refreshTokens.issue({ sessionId: ada.sessionId, generation: 1 });
    within(({ sessions }) => {
      const turn = sessions.turn.bind(sessions);
      vi.spyOn(sessions, 'turn').mockImplementationOnce(async (id, generation, ...moment) => {
        const turned = await turn(id, generation, ...moment);
        await turn(id, generation - 1, ...moment);
        return turned;
      });
    });
    expect(await codeOf(refresh(early))).toBe('invalid_refresh_token');
    expect(await isOpen(ada)).toBe(true);
  });
});

describe('The lifetime of a refresh token', () => {
  it('ends at the exact moment if it is not used', async () => {
    const [early, late] = [await refreshing(), await refreshing()];
    early.clock.advance(30 * day - 0.001);
    expect(await early.refresh(early.first.refreshToken)).toHaveProperty('refreshToken');
    late.clock.advance(30 * day);
    expect(await codeOf(late.refresh(late.first.refreshToken))).toBe('invalid_refresh_token');
  });

  it('restarts with each rotation, but not when the same response is repeated', async () => {
    const { clock, first, refresh } = await refreshing({ refreshTokenLifetime: 100 });
    clock.advance(99);
    const second = await refresh(first.refreshToken);
    clock.advance(30);
    await refresh(first.refreshToken);
    clock.advance(69);
    const third = await refresh(second.refreshToken);
    clock.advance(100);
    expect(await codeOf(refresh(third.refreshToken))).toBe('invalid_refresh_token');
  });

  it('ends with the session, however busy that was', async () => {
    const { clock, first, refresh, works } = await refreshing({ sessionLifetime: 250, refreshTokenLifetime: 100 });
    let grant = first;
    const lifetimes: number[] = [];
    for (const seconds of [99, 99, 51]) {
      clock.advance(seconds);
      grant = await refresh(grant.refreshToken);
      lifetimes.push(grant.expiresIn);
    }
    // No access token says that it holds for longer than its session.
    expect(lifetimes).toEqual([151, 52, 1]);
    clock.advance(0.999);
    expect(await works(grant)).toBe(true);
    clock.advance(0.001);
    expect(await codeOf(refresh(grant.refreshToken))).toBe('invalid_refresh_token');
    expect(await works(grant)).toBe(false);
  });

  it('takes no old token for stolen once it is over', async () => {
    const { clock, first, refresh, audited } = await refreshing();
    await refresh(first.refreshToken);
    clock.advance(30 * day);
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect((await audited()).map(({ type }) => type)).not.toContain('session.stolen');
  });
});

describe('A refresh token is worth nothing', () => {
  type Story = Awaited<ReturnType<typeof refreshing>>;
  const newPassword = 'newSecret456';

  it.each<[string, (story: Story) => Promise<unknown>]>([
    ['after a logout', ({ application, ada }) => application.logout.execute(ada)],
    [
      'after its session was ended',
      ({ application, ada }) => application.endSession.execute(ada, { id: ada.sessionId }),
    ],
    ['after all sessions were ended', ({ application, ada }) => application.endAllSessions.execute(ada)],
    [
      'after it was revoked',
      ({ application, first }) => application.revoke.execute(anyone, { token: first.refreshToken }),
    ],
    [
      'after the password was changed elsewhere',
      async ({ application, session }) =>
        application.changePassword.execute(await session('Ada'), { currentPassword: password, newPassword }),
    ],
    [
      'after the password was reset',
      async ({ application, mailedToken }) => {
        await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
        const token = await mailedToken(emailOf('Ada'), 'reset-password');
        await application.resetPassword.execute(anyone, { token, newPassword });
      },
    ],
    ['after a deactivation', ({ application, ada }) => application.deactivate.execute(ada)],
    [
      'after a deactivation that was taken back',
      async ({ application, ada, admin }) => {
        await application.deactivate.execute(ada);
        await application.activateUser.execute(await admin('Grace'), { id: ada.user.id });
      },
    ],
    [
      'after an admin ended the sessions',
      async ({ application, ada, admin }) =>
        application.endUserSessions.execute(await admin('Grace'), { id: ada.user.id }),
    ],
    ['after its user was deleted', ({ application, ada }) => application.deleteAccount.execute(ada)],
  ])('%s', async (_, act) => {
    const story = await refreshing();
    const second = await story.refresh(story.first.refreshToken);
    await act(story);
    for (const { refreshToken } of [second, story.first]) {
      expect(await codeOf(story.refresh(refreshToken))).toBe('invalid_refresh_token');
    }
    expect([await story.works(second), await story.works(story.first)]).toEqual([false, false]);
    expect((await story.audited()).map(({ type }) => type)).not.toContain('session.stolen');
  });

  it('while its user is out of use, even where a session stayed open', async () => {
    const { ports, ada, first, refresh } = await refreshing();
    await ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { isActive: false }));
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
  });

  it('where its session ended at the last moment', async () => {
    const { application, ada, first, refresh, meanwhile } = await refreshing();
    meanwhile(() => application.logout.execute(ada));
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
  });

  it('after a change of the password, also in the session that changed it; the new grant can be refreshed', async () => {
    const { application, ada, first, refresh } = await refreshing();
    const grant = await application.changePassword.execute(ada, { currentPassword: password, newPassword });
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect(await refresh(grant.refreshToken)).toHaveProperty('accessToken');
  });
});
