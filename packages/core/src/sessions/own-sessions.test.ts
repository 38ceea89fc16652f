import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { snapshot } from '../../test/snapshot.ts';
import { anyone, type Anyone, type Member } from '../model/caller.ts';
import { secondsAfter } from '../model/policy.ts';

const day = 24 * 60 * 60;

/** Ada on her laptop and, an hour later, on her phone. */
async function withTwoDevices() {
  const story = scenario();
  const { application, clock, register, login } = story;
  await register('Ada');
  const on = async (caller: Anyone) => application.authenticate.execute(anyone, await login('Ada', password, caller));
  const laptop = await on({ ip: '203.0.113.7', userAgent: 'Laptop/1' });
  clock.advance(3600);
  const phone = await on({});
  const idsFor = async (caller: Member) => (await application.listSessions.execute(caller)).items.map(({ id }) => id);
  return { ...story, laptop, phone, idsFor };
}

describe('ListSessions', () => {
  it('shows where a member is logged in, the newest first, and which one asks', async () => {
    const { application, clock, laptop, phone } = await withTwoDevices();
    const now = clock.now();
    const earlier = secondsAfter(now, -3600);
    expect(await application.listSessions.execute(laptop)).toStrictEqual({
      items: [
        {
          id: phone.sessionId,
          createdAt: now,
          lastUsedAt: now,
          expiresAt: secondsAfter(now, 30 * day),
          authenticatedAt: now,
          methods: ['pwd'],
          ip: null,
          userAgent: null,
          current: false,
        },
        {
          id: laptop.sessionId,
          createdAt: earlier,
          lastUsedAt: earlier,
          expiresAt: secondsAfter(earlier, 30 * day),
          authenticatedAt: earlier,
          methods: ['pwd'],
          ip: '203.0.113.7',
          userAgent: 'Laptop/1',
          current: true,
        },
      ],
    });
  });

  it('shows them page by page, those of the same moment too', async () => {
    const { application, session, laptop, phone } = await withTwoDevices();
    const tablet = await session('Ada');
    const all = [tablet.sessionId, phone.sessionId].toSorted().toReversed();
    all.push(laptop.sessionId);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await application.listSessions.execute(laptop, { limit: 1, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(all);
  });

  it.each([
    [{ limit: 0 }, { limit: 'Must be at least 1' }],
    [{ limit: 101 }, { limit: 'Must be at most 100' }],
    [{ after: 7 }, { after: 'Must be a string' }],
    [{ after: 'x' }, { after: 'Is not valid' }],
  ])('refuses %o', async (input, issues) => {
    const { application, laptop } = await withTwoDevices();
    expect(await issuesOf(application.listSessions.execute(laptop, input as never))).toEqual(issues);
  });

  it('shows no sessions of others', async () => {
    const { idsFor, member } = await withTwoDevices();
    const eve = await member('Eve');
    expect(await idsFor(eve)).toEqual([eve.sessionId]);
  });

  it('shows none that ended', async () => {
    const { application, laptop, phone, idsFor } = await withTwoDevices();
    await application.logout.execute(phone);
    expect(await idsFor(laptop)).toEqual([laptop.sessionId]);
  });

  it('shows none that lay idle for too long', async () => {
    const { clock, laptop, phone, idsFor } = await withTwoDevices();
    clock.advance(30 * day - 3600 - 0.001);
    expect(await idsFor(phone)).toEqual([phone.sessionId, laptop.sessionId]);
    clock.advance(0.001);
    expect(await idsFor(phone)).toEqual([phone.sessionId]);
  });

  it('moves the end on when a session is refreshed, up to its last one', async () => {
    const { application, clock, register, login } = scenario({ sessionLifetime: 150, refreshTokenLifetime: 100 });
    await register('Ada');
    const started = clock.now();
    const first = await login('Ada');
    const ada = await application.authenticate.execute(anyone, first);
    const [before] = (await application.listSessions.execute(ada)).items;
    expect(before?.expiresAt).toEqual(secondsAfter(started, 100));

    clock.advance(60);
    await application.refresh.execute(anyone, first);
    const [after] = (await application.listSessions.execute(ada)).items;
    expect(after).toMatchObject({ lastUsedAt: clock.now(), expiresAt: secondsAfter(started, 150) });
  });
});

describe('EndSession', () => {
  it('ends one session of the member at once, and no other', async () => {
    const { application, laptop, phone, isOpen, audited } = await withTwoDevices();
    expect(await application.endSession.execute(laptop, { id: phone.sessionId })).toBeUndefined();
    expect([await isOpen(laptop), await isOpen(phone)]).toEqual([true, false]);
    const ended = { type: 'session.ended', actorId: 1, subjectId: 1, detail: { count: 1 } };
    expect((await audited()).at(-1)).toMatchObject(ended);
  });

  it('ends the one that asks, if that is what it asks for', async () => {
    const { application, laptop, phone, isOpen } = await withTwoDevices();
    await application.endSession.execute(laptop, { id: laptop.sessionId });
    expect([await isOpen(laptop), await isOpen(phone)]).toEqual([false, true]);
  });

  it('finds no session of another member, none that ended, and none under an unknown id', async () => {
    const { application, laptop, phone, admin, isOpen, audited } = await withTwoDevices();
    const grace = await admin('Grace');
    await application.logout.execute(phone);
    const before = await audited();
    const tries: [Member, string][] = [
      [grace, laptop.sessionId],
      [laptop, phone.sessionId],
      [laptop, 'A'.repeat(22)],
    ];
    for (const [caller, id] of tries) {
      expect(await codeOf(application.endSession.execute(caller, { id }))).toBe('session_not_found');
    }
    expect(await isOpen(laptop)).toBe(true);
    expect(await audited()).toEqual(before);
  });

  it.each(['', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}=`, '../../etc/passwd', `${'A'.repeat(22)}\n`])(
    'refuses an id that is none: %j',
    async (id) => {
      const { application, member } = scenario();
      const answer = application.endSession.execute(await member('Ada'), { id });
      expect(await issuesOf(answer)).toEqual({ id: 'Is not valid' });
    },
  );

  it('lets one of twenty end it that ask at once', async () => {
    const { application, laptop, phone, audited } = await withTwoDevices();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => application.endSession.execute(laptop, { id: phone.sessionId })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await audited()).filter(({ type }) => type === 'session.ended')).toHaveLength(1);
  });
});

describe('EndAllSessions', () => {
  it('ends every session of the member, including the caller’s own, and no session of others', async () => {
    const { application, laptop, phone, member, isOpen, audited } = await withTwoDevices();
    const eve = await member('Eve');
    expect(await application.endAllSessions.execute(phone)).toBeUndefined();
    expect(await Promise.all([laptop, phone, eve].map(isOpen))).toEqual([false, false, true]);
    const ended = { type: 'session.ended', actorId: 1, subjectId: 1, detail: { count: 2 } };
    expect((await audited()).at(-1)).toMatchObject(ended);
  });
});

describe('EndUserSessions', () => {
  it('ends every session of a user, for an admin', async () => {
    const { application, laptop, phone, admin, isOpen, audited, login } = await withTwoDevices();
    const grace = await admin('Grace');
    const { id } = laptop.user;
    expect(await application.endUserSessions.execute(grace, { id })).toBeUndefined();
    expect(await Promise.all([laptop, phone, grace].map(isOpen))).toEqual([false, false, true]);
    const ended = { type: 'session.ended', actorId: grace.user.id, subjectId: id, detail: { count: 2 } };
    expect((await audited()).at(-1)).toMatchObject(ended);
    expect(await login('Ada')).toHaveProperty('accessToken');
  });

  it('records nothing when the user has no live session', async () => {
    const story = scenario();
    const { application, admin, register, member } = story;
    const [grace, { id: never }, ada] = [await admin('Grace'), await register('Bob'), await member('Ada')];
    await application.logout.execute(ada);
    const before = await snapshot(story);
    for (const id of [never, ada.user.id]) await application.endUserSessions.execute(grace, { id });
    expect(await snapshot(story)).toEqual(before);
  });

  it('finds no user under an unknown id', async () => {
    const { application, admin } = scenario();
    const answer = application.endUserSessions.execute(await admin('Grace'), { id: 99 });
    expect(await codeOf(answer)).toBe('user_not_found');
  });
});
