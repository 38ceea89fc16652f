import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import type { Admin, Member } from '../model/caller.ts';
import { withOrigin } from '../model/genuine-callers.ts';
import type { QueuedMail } from '../ports/outbox.ts';
import { queueMail } from './queue-mail.ts';

/** What a client sends in `Accept-Language`: the catalogue has words in the second one. */
const german = { ip: '203.0.113.7', locales: ['fr-CH', 'de-CH', 'en'] };

async function withPeople() {
  const story = scenario({ emailVerification: 'required' });
  const { application, ports, clock, register, mailedToken } = story;
  await register('Grace');
  await register('Ada');
  for (const name of ['Grace', 'Ada']) {
    const token = await mailedToken(emailOf(name), 'verify-email');
    await application.verifyEmail.execute(german, { token });
  }
  const ada: Member = withOrigin(await story.session('Ada'), german);
  await ports.unitOfWork.run(({ users }) => users.update(1, { role: 'admin' }));
  const grace = withOrigin(await story.session('Grace'), german) as Admin;
  const queued = () =>
    ports.unitOfWork.run(({ outbox }) => outbox.claim({ at: clock.now(), until: clock.now(), limit: 10 }));
  return { ...story, ada, grace, queued };
}

type Story = Awaited<ReturnType<typeof withPeople>>;

const bob = { name: 'Bob', email: emailOf('Bob') };

const causes: [string, QueuedMail['kind'][], (story: Story) => Promise<unknown>][] = [
  [
    'register',
    ['verify-email'],
    ({ application }) => application.register.execute(german, { ...bob, password, profile: { age: 36 } }),
  ],
  [
    'resendVerification',
    ['verify-email'],
    async ({ application, ports, ada }) => {
      await ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { emailVerified: false }));
      await application.resendVerification.execute(ada);
    },
  ],
  [
    'login, before the address is verified',
    ['verify-email'],
    async ({ login, ports, ada }) => {
      await ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { emailVerified: false }));
      expect(await codeOf(login('Ada', password, german))).toBe('email_not_verified');
    },
  ],
  [
    'forgotPassword',
    ['reset-password'],
    ({ application }) => application.forgotPassword.execute(german, { email: emailOf('Ada') }),
  ],
  [
    'changeEmail',
    ['change-email', 'email-change-requested'],
    ({ application, ada }) =>
      application.changeEmail.execute(ada, { newEmail: 'ada@example.org', currentPassword: password }),
  ],
  [
    'refresh, with a stolen token',
    ['session-stolen'],
    async ({ application, login }) => {
      const { refreshToken } = await login('Ada');
      let newest = refreshToken;
      for (let n = 0; n < 2; n += 1) {
        newest = (await application.refresh.execute(german, { refreshToken: newest })).refreshToken;
      }
      expect(await codeOf(application.refresh.execute(german, { refreshToken }))).toBe('invalid_refresh_token');
    },
  ],
  ['createUser', ['invitation'], ({ application, grace }) => application.createUser.execute(grace, bob)],
  [
    'createUser, with a password',
    ['verify-email'],
    ({ application, grace }) => application.createUser.execute(grace, { ...bob, password }),
  ],
  [
    'correctUser and inviteUser, without a password',
    ['invitation', 'invitation', 'invitation'],
    async ({ application, grace }) => {
      const { id } = await application.createUser.execute(grace, bob);
      await application.correctUser.execute(grace, { id, email: 'bob@example.org' });
      await application.inviteUser.execute(grace, { id });
    },
  ],
  [
    'correctUser',
    ['email-changed', 'verify-email'],
    ({ application, grace, ada }) =>
      application.correctUser.execute(grace, { id: ada.user.id, email: 'ada@example.org' }),
  ],
  [
    'sendPasswordReset',
    ['reset-password'],
    ({ application, grace, ada }) => application.sendPasswordReset.execute(grace, { id: ada.user.id }),
  ],
];

describe.each(causes)('A mail that is caused by %s', (_, kinds, act) => {
  it("is queued in the caller's best language that has words", async () => {
    const story = await withPeople();
    await act(story);
    const queued = await story.queued();
    expect(queued.map(({ kind, locale }) => [kind, locale])).toEqual(kinds.map((kind) => [kind, 'de']));
  });
});

describe('A queued mail', () => {
  it.each([undefined, [], ['fr'], 'de', [7, null, {}], ['de_AT']])(
    'has no locale if the caller prefers %j',
    async (locales) => {
      const { application, queued } = await withPeople();
      await application.forgotPassword.execute({ locales } as never, { email: emailOf('Ada') });
      expect((await queued()).map(({ locale }) => locale)).toEqual([undefined]);
    },
  );

  it('loses the locale of a caller whose new origin names none', async () => {
    const { application, queued, ada, grace } = await withPeople();
    const moved = withOrigin(grace, { ip: '::1' });
    expect([grace.locales, moved.locales]).toEqual([german.locales, undefined]);
    await application.sendPasswordReset.execute(moved, { id: ada.user.id });
    expect((await queued()).map(({ locale }) => locale)).toEqual([undefined]);
  });

  it('leaves no trace of the languages in the audit or in a session', async () => {
    const { ada, audited, ports } = await withPeople();
    expect(JSON.stringify(await audited())).not.toContain('fr-CH');
    expect(await ports.sessions.findWithUser(ada.sessionId)).not.toHaveProperty('session.locales');
  });

  it.each([
    ['an object', {}],
    ['undefined', undefined],
    ['infinity', Infinity],
    ['NUL', 'a\0b'],
  ])('is refused if its data has %s', async (_, value) => {
    const { application, ports, clock } = scenario();
    const mail = { kind: 'verify-email', email: emailOf('Ada') as never, queuedAt: clock.now() } as const;
    const queueing = ports.unitOfWork.run((transaction) =>
      queueMail(application, transaction, german, { ...mail, data: { title: value as never } }),
    );
    await expect(queueing).rejects.toThrow('The value "title" of the mail "verify-email" is no text, number or');
  });

  it('keeps its data, and is refused if the catalogue has no letter of its kind', async () => {
    const letter = { subject: 'A comment', paragraphs: [] };
    const { application, ports, clock } = scenario({ mails: { en: { letters: { 'comments.added': letter } } } });
    const queue = (kind: QueuedMail['kind']) =>
      ports.unitOfWork.run((transaction) =>
        queueMail(application, transaction, german, {
          kind,
          email: emailOf('Ada') as never,
          queuedAt: clock.now(),
          data: { title: 'Engines' },
        }),
      );
    await queue('comments.added');
    await expect(queue('comments.hidden')).rejects.toThrow('The mails have no letter for "comments.hidden"');
    const claimed = await ports.unitOfWork.run(({ outbox }) =>
      outbox.claim({ at: clock.now(), until: clock.now(), limit: 10 }),
    );
    expect(claimed).toMatchObject([{ kind: 'comments.added', locale: 'de', data: { title: 'Engines' } }]);
  });
});
