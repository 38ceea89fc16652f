import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, generousLimits, issuesOf, password, scenario } from '../../test/scenario.ts';
import { type Admin, anyone, type Member } from '../caller.ts';
import { type EventDetail, type EventType, eventTypes } from '../events/domain-event.ts';

const newPassword = 'newSecret456';
const newEmail = 'countess@example.org';
const origin = { ip: '203.0.113.7', userAgent: 'Lynx/2.8' };

/** Grace, an admin, and Ada, both logged in, who act from a place that is known. */
async function withPeople() {
  const story = scenario({ limits: generousLimits });
  const grace: Admin = { ...(await story.admin('Grace')), ...origin };
  const ada: Member = { ...(await story.member('Ada')), ...origin };
  const forgot = async () => {
    await story.application.forgotPassword.execute(origin, { email: emailOf('Ada') });
    return story.mailedToken(emailOf('Ada'), 'reset-password');
  };
  return { ...story, grace, ada, id: ada.user.id, forgot };
}

type Story = Awaited<ReturnType<typeof withPeople>>;
type Actor = 'Ada' | 'Grace' | undefined;
type Subject = 'Ada' | 'Bob' | 'Hedy' | undefined;

/** What happens, who did it to whom, and how. */
const table: [EventType, string, Actor, Subject, EventDetail, (story: Story) => Promise<unknown>][] = [
  [
    'user.registered',
    'Register',
    undefined,
    'Bob',
    {},
    ({ application }) =>
      application.register.execute(origin, { name: 'Bob', email: emailOf('Bob'), password, age: 36 }),
  ],
  [
    'user.registered',
    'BootstrapAdmin',
    undefined,
    'Hedy',
    { role: 'admin' },
    async ({ application, ports, grace }) => {
      await ports.unitOfWork.run(({ users }) => users.update(grace.user.id, { role: 'user' }));
      await application.bootstrapAdmin.execute(origin, { email: emailOf('Hedy'), password });
    },
  ],
  ['user.logged_in', 'Login', 'Ada', 'Ada', { newDevice: true }, ({ login }) => login('Ada', password, origin)],
  ['user.login_failed', 'Login', undefined, 'Ada', {}, ({ login }) => codeOf(login('Ada', 'wrong-1', origin))],
  ['user.login_failed', 'Login', undefined, undefined, {}, ({ login }) => codeOf(login('Nobody', 'wrong-1', origin))],
  [
    'user.login_refused',
    'Login',
    undefined,
    'Ada',
    {},
    async ({ application, ada, login }) => {
      await application.deactivate.execute(ada);
      await codeOf(login('Ada', password, origin));
    },
  ],
  [
    'user.login_slowed',
    'Login',
    undefined,
    'Ada',
    {},
    async ({ login }) => {
      for (let times = 0; times < 101; times += 1) await codeOf(login('Ada', 'wrong-1', origin));
    },
  ],
  [
    'user.reauthentication_failed',
    'ChangePassword',
    'Ada',
    'Ada',
    {},
    ({ application, ada }) =>
      codeOf(application.changePassword.execute(ada, { currentPassword: 'wrong-1', newPassword })),
  ],
  [
    'user.reauthentication_failed',
    'ChangeEmail',
    'Ada',
    'Ada',
    {},
    ({ application, ada }) => codeOf(application.changeEmail.execute(ada, { newEmail, currentPassword: 'wrong-1' })),
  ],
  [
    'user.password_changed',
    'ChangePassword',
    'Ada',
    'Ada',
    { sessionsEnded: 1 },
    async ({ application, ada, session }) => {
      await session('Ada');
      await application.changePassword.execute(ada, { currentPassword: password, newPassword });
    },
  ],
  [
    'user.password_reset_requested',
    'SendPasswordReset',
    'Grace',
    'Ada',
    {},
    ({ application, grace, id }) => application.sendPasswordReset.execute(grace, { id }),
  ],
  [
    'user.password_reset',
    'ResetPassword',
    undefined,
    'Ada',
    {},
    async ({ application, forgot }) =>
      application.resetPassword.execute(origin, { token: await forgot(), newPassword }),
  ],
  [
    'user.email_verified',
    'VerifyEmail',
    undefined,
    'Ada',
    {},
    async ({ application, mailedToken }) =>
      application.verifyEmail.execute(origin, { token: await mailedToken(emailOf('Ada'), 'verify-email') }),
  ],
  [
    'user.email_change_requested',
    'ChangeEmail',
    'Ada',
    'Ada',
    {},
    ({ application, ada }) => application.changeEmail.execute(ada, { newEmail, currentPassword: password }),
  ],
  [
    'user.email_changed',
    'VerifyEmail',
    undefined,
    'Ada',
    {},
    async ({ application, ada, mailedToken }) => {
      await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
      await application.verifyEmail.execute(origin, { token: await mailedToken(newEmail, 'change-email') });
    },
  ],
  [
    'user.role_changed',
    'ChangeRole',
    'Grace',
    'Ada',
    { role: 'admin' },
    ({ application, grace, id }) => application.changeRole.execute(grace, { id, role: 'admin' }),
  ],
  [
    'user.activated',
    'ActivateUser',
    'Grace',
    'Ada',
    {},
    ({ application, grace, id }) => application.activateUser.execute(grace, { id }),
  ],
  ['user.deactivated', 'Deactivate', 'Ada', 'Ada', {}, ({ application, ada }) => application.deactivate.execute(ada)],
  [
    'user.deactivated',
    'DeactivateUser',
    'Grace',
    'Ada',
    {},
    ({ application, grace, id }) => application.deactivateUser.execute(grace, { id }),
  ],
  ['user.deleted', 'DeleteAccount', 'Ada', 'Ada', {}, ({ application, ada }) => application.deleteAccount.execute(ada)],
  [
    'user.deleted',
    'DeleteUser',
    'Grace',
    'Ada',
    {},
    ({ application, grace, id }) => application.deleteUser.execute(grace, { id }),
  ],
  ['session.ended', 'Logout', 'Ada', 'Ada', { count: 1 }, ({ application, ada }) => application.logout.execute(ada)],
  [
    'session.ended',
    'EndSession',
    'Ada',
    'Ada',
    { count: 1 },
    ({ application, ada }) => application.endSession.execute(ada, { id: ada.sessionId }),
  ],
  [
    'session.ended',
    'EndAllSessions',
    'Ada',
    'Ada',
    { count: 1 },
    ({ application, ada }) => application.endAllSessions.execute(ada),
  ],
  [
    'session.ended',
    'EndUserSessions',
    'Grace',
    'Ada',
    { count: 1 },
    ({ application, grace, id }) => application.endUserSessions.execute(grace, { id }),
  ],
  [
    'session.ended',
    'Revoke',
    undefined,
    'Ada',
    { count: 1 },
    async ({ application, login }) => application.revoke.execute(origin, { token: (await login('Ada')).refreshToken }),
  ],
  [
    'session.stolen',
    'Refresh',
    undefined,
    'Ada',
    {},
    async ({ application, login, clock }) => {
      const grant = await login('Ada');
      await application.refresh.execute(anyone, grant);
      clock.advance(31);
      await codeOf(application.refresh.execute(origin, grant));
    },
  ],
  [
    'mail.given_up',
    'SendMails',
    undefined,
    'Ada',
    { kind: 'change-email', reason: '550' },
    async ({ application, ada, deliver, ports, clock }) => {
      await deliver();
      vi.spyOn(ports.mailer, 'send').mockRejectedValue(new Error('550'));
      await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
      for (let n = 0; n < 20; n += 1) {
        await application.sendMails.execute(origin);
        clock.advance(3600);
      }
    },
  ],
];

/** What no use case does: a ring of keys tells of its keys, in transactions of its own, and has a test of it. */
const toldByAdapters: readonly EventType[] = ['signing_key.created'];

describe('The audit', () => {
  it.each(table)('says %s of %s: by %s, to %s, %o', async (type, _, actor, subject, detail, act) => {
    const story = await withPeople();
    await act(story);
    const ids = { Grace: 1, Ada: 2, Bob: 3, Hedy: 3 };
    const { items } = await story.application.listAudit.execute(story.grace, { type, limit: 100 });
    const entry = items.find((item) => item.detail['kind'] === detail['kind']);
    expect(entry).toStrictEqual({
      id: expect.any(Number) as number,
      at: expect.any(Date) as Date,
      type,
      actorId: actor ? ids[actor] : null,
      subjectId: subject ? ids[subject] : null,
      ...origin,
      detail,
    });
  });

  it('has a way to see each kind of event', () => {
    const seen = [...table.map(([type]) => type), ...toldByAdapters];
    expect(new Set(seen)).toEqual(new Set(eventTypes));
  });

  it.each(table)('keeps secrets out of %s of %s', async (_, __, ___, ____, _____, act) => {
    const story = await withPeople();
    const secrets = [password, newPassword, 'wrong-1', 'plain:'];
    const { accessTokens, refreshTokens, secrets: generator } = story.ports;
    const remember = <Token>(token: Token): Token => {
      secrets.push(String(token));
      return token;
    };
    const [issue, renew, oneTime] = [
      accessTokens.issue.bind(accessTokens),
      refreshTokens.issue.bind(refreshTokens),
      generator.oneTimeToken.bind(generator),
    ];
    vi.spyOn(accessTokens, 'issue').mockImplementation(async (...input) => remember(await issue(...input)));
    vi.spyOn(refreshTokens, 'issue').mockImplementation(async (...input) => remember(await renew(...input)));
    vi.spyOn(generator, 'oneTimeToken').mockImplementation(() => {
      const made = oneTime();
      remember(made.token);
      remember(made.digest);
      return made;
    });
    await act(story);
    const said = JSON.stringify(await story.audited());
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it.each(table)('tells the subscribers of %s of %s what it remembers', async (type, _, __, ___, ____, act) => {
    const story = await withPeople();
    const before = (await story.audited()).length;
    const told: unknown[] = [];
    story.application.events.on('*', (event) => void told.push(event));
    await act(story);
    const entries = (await story.audited()).slice(before);
    expect(told).toEqual(entries.map(({ id: _id, ...event }) => event));
    expect(entries.map((entry) => entry.type)).toContain(type);
  });

  it('cuts what a client says of itself and makes it storable', async () => {
    const { login, audited } = await withPeople();
    await login('Ada', password, { ip: 'f'.repeat(46), userAgent: `Lynx\r\n\0${'x'.repeat(10_000)}` });
    expect((await audited()).at(-1)).toMatchObject({
      ip: 'f'.repeat(45),
      userAgent: `Lynx   ${'x'.repeat(505)}`,
    });
  });

  it('remembers those who are gone', async () => {
    const { application, grace, ada, id } = await withPeople();
    await application.deleteAccount.execute(ada);
    const { items } = await application.listAudit.execute(grace, { subjectId: id });
    expect(items.map(({ type }) => type)).toEqual(['user.deleted', 'user.logged_in', 'user.registered']);
  });

  it('says nothing of what was refused without a password being tried', async () => {
    const { application, register, grace, audited } = await withPeople();
    const before = await audited();
    const refused = [
      register('Ada'),
      application.resetPassword.execute(anyone, { token: 'none', newPassword }),
      application.verifyEmail.execute(anyone, { token: 'none' }),
      application.deactivate.execute(grace),
      application.deleteAccount.execute(grace),
      application.changeRole.execute(grace, { id: 99, role: 'user' }),
      application.activateUser.execute(grace, { id: 99 }),
      application.endUserSessions.execute(grace, { id: 99 }),
      application.sendPasswordReset.execute(grace, { id: 99 }),
    ];
    await Promise.all(refused.map(codeOf));
    expect(await audited()).toEqual(before);
  });
});

describe('ListAudit', () => {
  it('shows the newest first, page by page', async () => {
    const { application, grace } = await withPeople();
    const all = await application.listAudit.execute(grace, {});
    expect(all.items.map(({ type }) => type)).toEqual([
      'user.logged_in',
      'user.registered',
      'user.logged_in',
      'user.registered',
    ]);
    const first = await application.listAudit.execute(grace, { limit: 3 });
    expect(first).toEqual({ items: all.items.slice(0, 3), next: all.items[2]?.id });
    const rest = await application.listAudit.execute(grace, { limit: 3, after: first.next });
    expect(rest).toEqual({ items: all.items.slice(3) });
  });

  it('shows what was done to somebody, by somebody, or of one type', async () => {
    const { application, grace, ada } = await withPeople();
    await application.changeRole.execute(grace, { id: ada.user.id, role: 'admin' });
    await application.logout.execute(ada);
    const types = async (filter: object) =>
      (await application.listAudit.execute(grace, filter)).items.map(({ type }) => type);
    expect(await types({ subjectId: grace.user.id })).toEqual(['user.logged_in', 'user.registered']);
    expect(await types({ actorId: grace.user.id })).toEqual(['user.role_changed', 'user.logged_in']);
    expect(await types({ actorId: ada.user.id, subjectId: ada.user.id })).toEqual(['session.ended', 'user.logged_in']);
    expect(await types({ type: 'user.registered' })).toEqual(['user.registered', 'user.registered']);
    expect(await types({ type: 'user.deleted' })).toEqual([]);
  });

  it('says null where it knows nothing', async () => {
    const { application, grace, login } = await withPeople();
    await codeOf(login('Nobody', 'wrong-1'));
    const { items } = await application.listAudit.execute(grace, { limit: 1 });
    expect(items).toMatchObject([{ actorId: null, subjectId: null, ip: null, userAgent: null, detail: {} }]);
  });

  it.each([
    [{ limit: 0 }, { limit: 'Must be at least 1' }],
    [{ limit: 101 }, { limit: 'Must be at most 100' }],
    [{ subjectId: '1' }, { subjectId: 'Must be a number' }],
    [{ actorId: -1 }, { actorId: 'Must be at least 1' }],
  ])('refuses %o', async (input, issues) => {
    const { application, grace } = await withPeople();
    expect(await issuesOf(application.listAudit.execute(grace, input as never))).toEqual(issues);
  });

  it('refuses a type that there is not', async () => {
    const { application, grace } = await withPeople();
    const answer = application.listAudit.execute(grace, { type: '__proto__' as never });
    expect(await issuesOf(answer)).toHaveProperty('type');
  });
});
