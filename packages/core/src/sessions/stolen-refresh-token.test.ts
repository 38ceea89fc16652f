import { describe, expect, it, vi } from 'vitest';
import { refreshing } from '../../test/refreshing.ts';
import { codeOf } from '../../test/scenario.ts';

describe('The refresh token before the current one', () => {
  it('gets the very same successor again for 30 seconds', async () => {
    const { first, refresh, works, clock } = await refreshing();
    const second = await refresh(first.refreshToken);
    for (const seconds of [0, 1, 28, 1]) {
      clock.advance(seconds);
      const again = await refresh(first.refreshToken);
      expect(again.refreshToken).toBe(second.refreshToken);
      expect(await works(again)).toBe(true);
    }
  });

  it('gets the very same successor for twenty who ask at once', async () => {
    const { first, refresh, ports, ada, audited } = await refreshing();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refreshToken)));
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const found = await ports.sessions.findWithUser(ada.sessionId);
    expect(found?.session).toHaveProperty('generation', 1);
    expect((await audited()).map(({ type }) => type)).not.toContain('session.stolen');
    expect(await refresh(answers[0]!.refreshToken)).toMatchObject({ user: { id: ada.user.id } });
  });

  it('moves neither the session on nor its last use', async () => {
    const { first, refresh, ports, ada, clock } = await refreshing();
    await refresh(first.refreshToken);
    const before = await ports.sessions.findWithUser(ada.sessionId);
    clock.advance(30);
    await refresh(first.refreshToken);
    expect(await ports.sessions.findWithUser(ada.sessionId)).toEqual(before);
  });

  it.each([30_001, 60_000, 24 * 60 * 60 * 1000])('is taken for stolen %i ms later', async (milliseconds) => {
    const { first, refresh, isOpen, ada, clock } = await refreshing();
    await refresh(first.refreshToken);
    clock.advance(milliseconds / 1000);
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect(await isOpen(ada)).toBe(false);
  });

  it('is taken for stolen at once, when its successor has turned as well', async () => {
    const { first, refresh, isOpen, ada } = await refreshing();
    const second = await refresh(first.refreshToken);
    await refresh(second.refreshToken);
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect(await isOpen(ada)).toBe(false);
  });
});

describe('A refresh token that was stolen', () => {
  const thief = { ip: '203.0.113.66', userAgent: 'Thief/1' };

  async function afterTheft() {
    const story = await refreshing();
    const second = await story.refresh(story.first.refreshToken);
    const third = await story.refresh(second.refreshToken);
    const other = await story.session('Ada');
    expect(await codeOf(story.refresh(story.first.refreshToken, thief))).toBe('invalid_refresh_token');
    return { ...story, second, third, other };
  }

  it('takes every token of its session with it, the newest too', async () => {
    const { first, second, third, refresh, works } = await afterTheft();
    for (const { refreshToken } of [first, second, third]) {
      expect(await codeOf(refresh(refreshToken))).toBe('invalid_refresh_token');
    }
    expect(await Promise.all([first, second, third].map(works))).toEqual([false, false, false]);
  });

  it('leaves the other sessions of its user alone', async () => {
    const { other, isOpen } = await afterTheft();
    expect(await isOpen(other)).toBe(true);
  });

  it('leaves its evidence behind, though it was refused', async () => {
    const { ada, audited, clock } = await afterTheft();
    const stolen = { type: 'session.stolen', at: clock.now(), actorId: undefined, subjectId: ada.user.id, ...thief };
    expect((await audited()).at(-1)).toMatchObject(stolen);
  });

  it('has its user told by mail', async () => {
    const { ada, mailsTo } = await afterTheft();
    expect(await mailsTo(ada.user.email)).toEqual(['session-stolen', 'verify-email']);
  });

  it('is told of once, however often it is shown', async () => {
    const { first, second, ada, refresh, audited, mailsTo } = await afterTheft();
    const again = [first, second, first].map(({ refreshToken }) => codeOf(refresh(refreshToken)));
    expect(new Set(await Promise.all(again))).toEqual(new Set(['invalid_refresh_token']));
    expect((await audited()).filter(({ type }) => type === 'session.stolen')).toHaveLength(1);
    expect(await mailsTo(ada.user.email)).toEqual(['session-stolen', 'verify-email']);
  });

  it('reaches the subscribers of the application', async () => {
    const { application, first, refresh, clock, ada } = await refreshing();
    const heard = vi.fn<() => void>();
    application.events.on('session.stolen', heard);
    await refresh(first.refreshToken);
    clock.advance(31);
    await codeOf(refresh(first.refreshToken));
    expect(heard.mock.calls).toEqual([[expect.objectContaining({ subjectId: ada.user.id })]]);
  });
});

describe('While no access token can be issued', () => {
  async function withoutTokens() {
    const story = await refreshing();
    const types = async () => (await story.audited()).map(({ type }) => type);
    const stop = () => story.faults.fail('accessTokens.issue', new Error('The hook of the host failed'), Infinity);
    return { ...story, types, stop };
  }

  it('an old refresh token still ends its session as stolen', async () => {
    const { first, refresh, clock, ada, isOpen, types, stop } = await withoutTokens();
    await refresh(first.refreshToken);
    clock.advance(31);
    stop();
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect([await isOpen(ada), (await types()).at(-1)]).toEqual([false, 'session.stolen']);
  });

  it('the token of an ended session is refused, and the attempt is recorded', async () => {
    const { first, refresh, application, ada, types, stop } = await withoutTokens();
    const { refreshToken } = await refresh(first.refreshToken);
    await application.logout.execute(ada);
    stop();
    expect(await codeOf(refresh(refreshToken))).toBe('invalid_refresh_token');
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
    expect((await types()).at(-1)).toBe('session.refresh_refused');
  });

  it('the token of a deactivated account is refused', async () => {
    const { first, refresh, application, ada, stop } = await withoutTokens();
    await application.deactivate.execute(ada);
    stop();
    expect(await codeOf(refresh(first.refreshToken))).toBe('invalid_refresh_token');
  });
});

describe('A refresh token whose account could not be used when it was read', () => {
  it('works if the account can be used when the token is rotated', async () => {
    const { first, refresh, works, ports } = await refreshing();
    const { findWithUser } = ports.sessions;
    vi.spyOn(ports.sessions, 'findWithUser').mockImplementationOnce(async (id) => {
      const found = await findWithUser.call(ports.sessions, id);
      return found && { ...found, user: { ...found.user, isActive: false } };
    });
    expect(await works(await refresh(first.refreshToken))).toBe(true);
  });
});
