import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, generousLimits, password, scenario } from '../../test/scenario.ts';
import type { Member } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

const unlimited = { byAccount: { attempts: 1e6, seconds: 60 } };
const limits = { ...generousLimits, changePassword: unlimited, changeEmail: unlimited };

/** Ada, in two sessions, one of which a thief has copied. */
async function withThief(policy: PolicyOptions = { limits }) {
  const story = scenario(policy);
  const { application } = story;
  const stolen = await story.member('Ada');
  const other = await story.session('Ada');
  const guess = (caller: Member, currentPassword = 'wrong-1') =>
    codeOf(application.changePassword.execute(caller, { currentPassword, newPassword: 'newSecret456' }));
  const guessEmail = (caller: Member) =>
    codeOf(application.changeEmail.execute(caller, { currentPassword: 'wrong-1', newEmail: 'eve@example.org' }));
  return { ...story, stolen, other, guess, guessEmail };
}

describe('A session in which the current password is guessed', () => {
  it('ends at the tenth wrong password in a row, and no other session does', async () => {
    const { stolen, other, guess, isOpen } = await withThief();
    for (let n = 0; n < 9; n += 1) expect(await guess(stolen)).toBe('current_password_incorrect');
    expect(await isOpen(stolen)).toBe(true);
    expect(await guess(stolen)).toBe('current_password_incorrect');
    expect([await isOpen(stolen), await isOpen(other)]).toEqual([false, true]);
    expect(await guess(stolen, password)).toBe('invalid_token');
  });

  it('ends by whatever use case the guesses come, and the owner is told by mail', async () => {
    const { stolen, guess, guessEmail, isOpen, deliver } = await withThief();
    await deliver();
    for (let n = 0; n < 5; n += 1)
      expect([await guess(stolen), await guessEmail(stolen)]).not.toContain('invalid_token');
    expect(await isOpen(stolen)).toBe(false);
    const mails = await deliver();
    expect(mails).toMatchObject([{ kind: 'session-stolen', to: emailOf('Ada'), data: { reason: 'guessing' } }]);
    expect(mails[0]?.words.paragraphs[0]).toContain('ten times in a row');
  });

  it('ends once for twenty guesses at once', async () => {
    const { stolen, guess, isOpen, audited } = await withThief();
    await Promise.all(Array.from({ length: 20 }, () => guess(stolen)));
    expect(await isOpen(stolen)).toBe(false);
    expect((await audited()).filter(({ type }) => type === 'session.ended')).toHaveLength(1);
  });

  it('goes on for an owner who finds the right password in time', async () => {
    const { stolen, guess, isOpen, application } = await withThief();
    const right = { currentPassword: password, newEmail: 'countess@example.org' };
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 9; n += 1) await guess(stolen);
      await application.changeEmail.execute(stolen, right);
    }
    expect(await isOpen(stolen)).toBe(true);
  });

  it('does not end where limits are off', async () => {
    const { stolen, guess, isOpen } = await withThief({ limits: 'off' });
    for (let n = 0; n < 15; n += 1) await guess(stolen);
    expect(await isOpen(stolen)).toBe(true);
  });
});
