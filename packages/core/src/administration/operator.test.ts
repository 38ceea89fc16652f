import { describe, expect, it } from 'vitest';
import { call, type Cast, memberUseCases } from '../../test/sample-calls.ts';
import { allUseCases as useCases, codeOf, emailOf, generousLimits, profile, scenario } from '../../test/scenario.ts';

const forOperators = memberUseCases.filter((name) => useCases[name].caller === 'operator');

/** An admin, a member with a session, and an account that was invited. */
async function cast(): Promise<Cast> {
  const story = scenario();
  const [caller, subject] = [await story.admin('Grace'), await story.member('Ada')];
  const joan = { name: 'Joan', email: emailOf('Joan') };
  const { id: invitedId } = await story.application.createUser.execute(caller, joan);
  return { story, caller, subject, postId: 0, invitedId };
}

describe('A use case for operators', () => {
  it.each(forOperators)('%s does for the system what it does for an admin, and records no actor', async (name) => {
    const [one, other] = [await cast(), await cast()];
    const byAdmin = await call(name, one, one.caller);
    const bySystem = await call(name, other, other.story.system);
    expect(Object.keys(bySystem ?? {})).toEqual(Object.keys(byAdmin ?? {}));
    const [recorded, recordedBySystem] = [await one.story.audited(), await other.story.audited()];
    expect(recordedBySystem.map(({ type }) => type)).toEqual(recorded.map(({ type }) => type));
    const before = (await (await cast()).story.audited()).length;
    for (const [index, entry] of recorded.slice(before).entries()) {
      const { actorId, detail, ...rest } = recordedBySystem[before + index]!;
      expect(rest).toMatchObject({ type: entry.type, subjectId: entry.subjectId });
      expect([actorId, detail]).toEqual([undefined, { ...entry.detail, by: 'system' }]);
    }
  });

  it('keeps the last active admin from the system too', async () => {
    const { story, caller } = await cast();
    const { changeRole, deactivateUser, deleteUser } = story.application;
    const { id } = caller.user;
    expect(await codeOf(changeRole.execute(story.system, { id, role: 'user' }))).toBe('last_admin');
    expect(await codeOf(deactivateUser.execute(story.system, { id }))).toBe('last_admin');
    expect(await codeOf(deleteUser.execute(story.system, { id }))).toBe('last_admin');
    await story.admin('Hedy');
    expect(await changeRole.execute(story.system, { id, role: 'user' })).toHaveProperty('role', 'user');
  });

  it('shows the system every field that admins may read, and no other', async () => {
    const hidden = { ...profile['city']!, read: ['self'] } as const;
    const noted = { ...profile['city']!, read: ['admins'] } as const;
    const story = scenario({ profile: { ...profile, hidden, noted } });
    const { id, email } = (await story.member('Ada')).user;
    const { getAnyUser, findUserByEmail } = story.application;
    const seen = await getAnyUser.execute(story.system, { id });
    expect(Object.keys(seen.profile)).toEqual(['age', 'city', 'noted']);
    expect(await findUserByEmail.execute(story.system, { email: email.toUpperCase() })).toEqual(seen);
    expect(await codeOf(findUserByEmail.execute(story.system, { email: 'nemo@example.com' }))).toBe('user_not_found');
  });

  it('sends as many mails as the system asks for', async () => {
    const story = scenario({ limits: generousLimits });
    const subject = await story.member('Ada');
    for (let n = 0; n < 12; n += 1) await story.application.sendPasswordReset.execute(story.system, subject.user);
    expect((await story.mailsTo(subject.user.email)).filter((kind) => kind === 'reset-password')).toHaveLength(12);
  });
});
