import { type Admin, anyone, type EventDetail, type EventType, type Member, withOrigin } from '../src/index.ts';
import { codeOf, emailOf, generousLimits, password, scenario } from './scenario.ts';

export const newPassword = 'newSecret456';
const newEmail = 'countess@example.org';
const post = { title: 'A first post', content: 'Twenty characters or more of it.' };

/** The origin of every call. */
export const origin = { ip: '203.0.113.7', userAgent: 'Lynx/2.8' };

/** Grace, an admin, and Ada, both logged in, who act from a place that is known. */
export async function withPeople() {
  const story = scenario({ limits: generousLimits });
  const grace: Admin = withOrigin(await story.admin('Grace'), origin);
  const ada: Member = withOrigin(await story.member('Ada'), origin);
  const forgot = async () => {
    await story.application.forgotPassword.execute(origin, { email: emailOf('Ada') });
    return story.mailedToken(emailOf('Ada'), 'reset-password');
  };
  return { ...story, grace, ada, id: ada.user.id, forgot };
}

type Story = Awaited<ReturnType<typeof withPeople>>;
type Actor = 'Ada' | 'Grace' | undefined;
type Subject = 'Ada' | 'Bob' | 'Hedy' | undefined;

/** The type of an event, its actor and subject, and how to cause it. */
export const securityEvents: [EventType, string, Actor, Subject, EventDetail, (story: Story) => Promise<unknown>][] = [
  [
    'user.registered',
    'Register',
    undefined,
    'Bob',
    {},
    ({ application }) =>
      application.register.execute(origin, { name: 'Bob', email: emailOf('Bob'), password, profile: { age: 36 } }),
  ],
  [
    'user.registered',
    'BootstrapAdmin',
    undefined,
    'Hedy',
    { role: 'admin' },
    async ({ application, system, ports, grace }) => {
      await ports.unitOfWork.run(({ users }) => users.update(grace.user.id, { role: 'user' }));
      await application.bootstrapAdmin.execute(system, { email: emailOf('Hedy'), password });
      await ports.unitOfWork.run(({ users }) => users.update(grace.user.id, { role: 'admin' }));
    },
  ],
  [
    'user.imported',
    'ImportUsers',
    undefined,
    'Bob',
    { role: 'user', withPassword: true },
    ({ application, system }) =>
      application.importUsers.execute(system, {
        records: [{ name: 'Bob', email: emailOf('Bob'), passwordHash: `plain:9:${password}` }],
      }),
  ],
  [
    'user.created',
    'CreateUser',
    'Grace',
    'Bob',
    { role: 'user', invited: true },
    ({ application, grace }) => application.createUser.execute(grace, { name: 'Bob', email: emailOf('Bob') }),
  ],
  [
    'user.created',
    'CreateUser',
    'Grace',
    'Hedy',
    { role: 'admin', invited: false },
    ({ application, grace }) =>
      application.createUser.execute(grace, { name: 'Hedy', email: emailOf('Hedy'), password, role: 'admin' }),
  ],
  [
    'user.invited',
    'InviteUser',
    'Grace',
    'Bob',
    {},
    async ({ application, grace }) => {
      const { id } = await application.createUser.execute(grace, { name: 'Bob', email: emailOf('Bob') });
      await application.inviteUser.execute(grace, { id });
    },
  ],
  [
    'user.corrected',
    'CorrectUser',
    'Grace',
    'Ada',
    { city: true, email: true, name: true },
    ({ application, grace, id }) =>
      application.correctUser.execute(grace, {
        id,
        name: 'Ada King',
        email: newEmail,
        profile: { age: 36, city: 'Ockham' },
      }),
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
    { sessionsEnded: 2 },
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
    async ({ application, grace, id }) => {
      await application.deactivateUser.execute(grace, { id });
      await application.activateUser.execute(grace, { id });
    },
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
    'session.ended',
    'ChangePassword',
    'Ada',
    'Ada',
    { count: 1, reason: 'guessing' },
    async ({ application, ada }) => {
      const input = { currentPassword: 'wrong-1', newPassword };
      for (let n = 0; n < 10; n += 1) await codeOf(application.changePassword.execute(ada, input));
    },
  ],
  [
    'session.shared',
    'Refresh',
    undefined,
    'Ada',
    { otherNetwork: true, otherUserAgent: true },
    async ({ application, login }) => {
      const grant = await login('Ada');
      await application.refresh.execute(anyone, grant);
      await application.refresh.execute(origin, grant);
    },
  ],
  [
    'user.unslowed',
    'UnslowUser',
    undefined,
    'Ada',
    {},
    ({ application, system }) => application.unslowUser.execute(system, { email: emailOf('Ada') }),
  ],
  [
    'session.refresh_refused',
    'Refresh',
    undefined,
    'Ada',
    {},
    async ({ application, login }) => {
      const grant = await login('Ada');
      const renewed = await application.refresh.execute(anyone, grant);
      await application.revoke.execute(anyone, { token: renewed.refreshToken });
      await codeOf(application.refresh.execute(origin, grant));
    },
  ],
  [
    'posts.updated',
    'UpdatePost',
    'Grace',
    'Ada',
    { postId: 1 },
    async ({ application, grace, ada }) => {
      const { id } = await application.createPost.execute(ada, post);
      await application.updatePost.execute(ada, { id, title: 'An own title' });
      await application.updatePost.execute(grace, { id, title: 'An own title' });
      await application.updatePost.execute(grace, { id, title: 'Another title' });
    },
  ],
  [
    'posts.deleted',
    'DeletePost',
    'Grace',
    'Ada',
    { postId: 1 },
    async ({ application, grace, ada }) => {
      const { id } = await application.createPost.execute(ada, post);
      await application.deletePost.execute(grace, { id });
    },
  ],
  [
    'mail.withheld',
    'SendMails',
    undefined,
    'Ada',
    { kind: 'reset-password', network: '203.0.113.0/24' },
    async ({ application, deliver }) => {
      for (let n = 0; n < 3; n += 1) await application.forgotPassword.execute(origin, { email: emailOf('Ada') });
      await deliver();
    },
  ],
  [
    'mail.given_up',
    'SendMails',
    undefined,
    'Ada',
    { kind: 'change-email', reason: '550' },
    async ({ application, system, ada, deliver, faults, clock }) => {
      await deliver();
      faults.fail('mailer.send', new Error('550'), Infinity);
      await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
      for (let n = 0; n < 20; n += 1) {
        await application.sendMails.execute(system);
        clock.advance(3600);
      }
    },
  ],
];
