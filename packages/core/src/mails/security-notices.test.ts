import { describe, expect, it } from 'vitest';
import { from, home, hour, withAda } from '../../test/limited-mails.ts';
import { emailOf, password } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { withOrigin } from '../model/genuine-callers.ts';

describe('Security notices', () => {
  /** Ada, whose address is verified, and how often her password is changed. */
  async function verified() {
    const story = await withAda();
    await story.ports.unitOfWork.run(({ users }) => users.update(story.ada.id, { emailVerified: true }));
    const { application } = story;
    let current = password;
    const change = async (times: number) => {
      for (let n = 0; n < times; n += 1) {
        const ada = withOrigin(await story.session('Ada', current), home);
        const next = `newSecret${story.clock.now().getTime()}-${n}`;
        await application.changePassword.execute(ada, { currentPassword: current, newPassword: next });
        current = next;
      }
    };
    return { ...story, change };
  }

  it('have a limit of their own: five an hour and ten a day', async () => {
    const { change, leaving, clock } = await verified();
    await change(8);
    expect(await leaving()).toBe(5);
    clock.advance(hour);
    await change(8);
    expect(await leaving()).toBe(5);
    clock.advance(hour);
    await change(1);
    expect(await leaving()).toBe(0);
  });

  it('of one kind suppress none of another kind', async () => {
    const { application, session, leaving, change, deliver } = await verified();
    const ada = withOrigin(await session('Ada'), home);
    for (let n = 0; n < 8; n += 1) {
      await application.changeEmail.execute(ada, { newEmail: `eve${n}@example.org`, currentPassword: password });
    }
    expect(await leaving()).toBe(8 + 5);
    await change(1);
    expect((await deliver()).map(({ kind }) => kind)).toEqual(['password-changed']);
  });

  it('are three an hour and five a day of all kinds to an address that is not verified', async () => {
    const { application, session, clock, deliver } = await withAda();
    const ada = withOrigin(await session('Ada'), home);
    const told = async () => (await deliver()).filter(({ to }) => to === emailOf('Ada')).length;
    const numbers: number[] = [];
    for (let hours = 0; hours < 3; hours += 1) {
      for (let n = 0; n < 6; n += 1) {
        const newEmail = `eve${hours}-${n}@example.org`;
        await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
      }
      numbers.push(await told());
      clock.advance(hour);
    }
    expect(numbers).toEqual([3, 2, 0]);
  });

  it('are not suppressed by other mails, and suppress none', async () => {
    const { change, forgot, leaving } = await verified();
    for (let n = 0; n < 50; n += 1) await forgot(from(n));
    expect(await leaving()).toBe(5);
    await change(5);
    expect(await leaving()).toBe(5);
    await forgot(home);
    expect(await leaving()).toBe(1);
  });

  it.each<[string, (story: Awaited<ReturnType<typeof verified>>) => Promise<unknown>]>([
    ['password-changed', ({ change }) => change(1)],
    [
      'password-changed',
      async ({ application, forgot, mailedToken }) => {
        await forgot(home);
        const token = await mailedToken(emailOf('Ada'), 'reset-password');
        await application.resetPassword.execute(home, { token, newPassword: 'newSecret456' });
      },
    ],
    [
      'email-changed',
      async ({ application, session, mailedToken }) => {
        const newEmail = 'countess@example.org';
        await application.changeEmail.execute(await session('Ada'), { newEmail, currentPassword: password });
        await application.verifyEmail.execute(home, { token: await mailedToken(newEmail, 'change-email') });
      },
    ],
    [
      'email-changed',
      async ({ application, admin, ada }) =>
        application.correctUser.execute(await admin('Grace'), { id: ada.id, email: 'countess@example.org' }),
    ],
    ['account-deactivated', async ({ application, session }) => application.deactivate.execute(await session('Ada'))],
    [
      'account-deactivated',
      async ({ application, admin, ada }) => application.deactivateUser.execute(await admin('Grace'), { id: ada.id }),
    ],
    ['account-closed', async ({ application, session }) => application.deleteAccount.execute(await session('Ada'))],
    [
      'account-closed',
      async ({ application, admin, ada }) => application.deleteUser.execute(await admin('Grace'), { id: ada.id }),
    ],
  ])('tell the old address of %s', async (kind, act) => {
    const story = await verified();
    await act(story);
    const told = (await story.deliver()).filter(({ to }) => to === emailOf('Ada'));
    expect(told.map((mail) => mail.kind)).toContain(kind);
    const { words } = told.find((mail) => mail.kind === kind) ?? {};
    expect(words).toMatchObject({ locale: 'en', greeting: 'Hello,' });
    expect(words).not.toHaveProperty('action.label');
  });

  it('say nothing of what changed nothing', async () => {
    const { application, admin, ada, deliver } = await verified();
    const grace = await admin('Grace');
    await application.deactivateUser.execute(grace, { id: ada.id });
    await deliver();
    await application.deactivateUser.execute(grace, { id: ada.id });
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    expect(await deliver()).toEqual([]);
  });
});
