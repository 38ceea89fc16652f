import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { AuthenticationMethod } from '../model/proof.ts';
import { replacePassword } from './replace-password.ts';

/** Ada, logged in twice, whose password is replaced by the owner of a proof. */
async function withAda() {
  const story = scenario();
  const ada = await story.member('Ada');
  await story.session('Ada');
  const { ports, clock } = story;
  const { id } = ada.user;
  const replace = (methods: readonly AuthenticationMethod[] = ['pwd']) =>
    ports.unitOfWork.run(async (transaction) => {
      const locked = await transaction.users.lockCredentials(id);
      const proof = { userId: id, methods, securityVersion: locked?.securityVersion ?? 0 };
      const user = locked?.user ?? ada.user;
      const replacement = { user, proof, passwordHash: 'another hash', at: clock.now() };
      return replacePassword(story.application, transaction, ada, replacement);
    });
  return { ...story, ada, id, replace };
}

describe('replacePassword', () => {
  it('stores the hash, ends every session and returns how many', async () => {
    const { replace, ports, id, ada, isOpen } = await withAda();
    expect(await replace()).toMatchObject({ sessionsEnded: 2 });
    expect((await ports.users.findCredentials({ id }))?.passwordHash).toBe('another hash');
    expect(await isOpen(ada)).toBe(false);
  });

  it('returns the proof for the new version, and makes the earlier one invalid', async () => {
    const { replace, ports, id } = await withAda();
    const { proof } = await replace();
    expect(proof).toEqual({ userId: id, methods: ['pwd'], securityVersion: 2 });
    expect((await ports.users.findCredentials({ id }))?.securityVersion).toBe(2);
    expect((await replace(['otp'])).proof).toEqual({ userId: id, methods: ['otp'], securityVersion: 3 });
  });

  it('takes the address as verified for an owner who came by a mailed link, and for no other', async () => {
    const { replace, ports, id } = await withAda();
    await replace();
    expect((await ports.users.findById(id))?.emailVerified).toBe(false);
    await replace(['otp']);
    expect((await ports.users.findById(id))?.emailVerified).toBe(true);
  });

  it('makes every mailed link invalid, and cancels a change of address that waits to be mailed', async () => {
    const { replace, application, ada, mailedToken, mailsTo } = await withAda();
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const [reset, verify] = [
      await mailedToken(emailOf('Ada'), 'reset-password'),
      await mailedToken(emailOf('Ada'), 'verify-email'),
    ];
    await application.changeEmail.execute(ada, { newEmail: 'ada@example.org', currentPassword: password });
    await replace();
    const input = { token: reset, newPassword: 'newSecret456' };
    expect(await codeOf(application.resetPassword.execute(anyone, input))).toBe('invalid_one_time_token');
    expect(await codeOf(application.verifyEmail.execute(anyone, { token: verify }))).toBe('invalid_one_time_token');
    expect(await mailsTo('ada@example.org')).toEqual([]);
  });
});
