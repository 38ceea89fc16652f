import { describe, expect, it } from 'vitest';
import { codeOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';
import type { Proof } from '../model/proof.ts';
import type { User } from '../model/user.ts';
import { maxSessions, sessionFor } from '../model/session.ts';
import { openSession, prepareSession } from './open-session.ts';

const origin = { ip: '203.0.113.7', userAgent: 'Lynx/2.8' };

/** Ada, who is registered, and what turns a proof of hers into a session. */
async function proven(options: PolicyOptions = {}) {
  const story = scenario(options);
  const { application, ports } = story;
  const { id } = await story.register('Ada');
  const user = (await ports.users.findById(id)) as User;
  const proof: Proof = { userId: id, methods: ['otp'], securityVersion: 1 };
  const { policy } = application;
  const prepare = ({ methods } = proof) => prepareSession({ ...ports, policy, hooks: {} }, origin, user, methods);
  const open = async (shown = proof) => {
    const prepared = await prepare(shown);
    const opened = await ports.unitOfWork.run((transaction) =>
      openSession(transaction, policy, origin, shown, prepared),
    );
    return { ...prepared, opened };
  };
  const stored = async () => ports.sessions.listLive(id, { at: story.clock.now(), usedSince: new Date(0) }, page);
  return { ...story, id, proof, prepare, open, stored };
}

const page = { skip: 0, limit: maxSessions };

describe('A session that is prepared', () => {
  it('has the methods of its proof, its origin and an access token, and is not stored', async () => {
    const { prepare, clock, ports, stored } = await proven();
    const { session, access } = await prepare();
    const now = clock.now();
    expect(session).toMatchObject({ ...origin, userId: 1, methods: ['otp'], authenticatedAt: now, createdAt: now });
    expect(await ports.accessTokens.verify(access.accessToken, now)).toMatchObject({ sessionId: session.id });
    expect(await stored()).toEqual([]);
  });
});

describe('A proof', () => {
  it('is turned into the session that was prepared, for the user as they are now', async () => {
    const { open, stored, ports, id } = await proven();
    await ports.unitOfWork.run(({ users }) => users.update(id, { name: 'Countess' }));
    const { session, opened } = await open();
    expect(opened).toMatchObject({ user: { id, name: 'Countess' }, newDevice: true });
    expect(await stored()).toEqual([session]);
    expect((await open()).opened).toMatchObject({ newDevice: false });
  });

  it('holds after a rehash, and after a change of anything but the credentials', async () => {
    const { open, ports, id, application, admin } = await proven();
    await ports.unitOfWork.run(({ users }) => users.rehashPassword(id, 'stronger'));
    await ports.unitOfWork.run(({ users }) => users.update(id, { role: 'admin', profile: { city: 'Bath' } }));
    const grace = await admin('Grace');
    await application.deactivateUser.execute(grace, { id });
    await application.activateUser.execute(grace, { id });
    expect((await open()).opened).toBeDefined();
  });

  type Story = Awaited<ReturnType<typeof proven>>;
  it.each<[string, (story: Story) => Promise<unknown>]>([
    ['was deactivated', ({ ports, id }) => ports.unitOfWork.run(({ users }) => users.update(id, { isActive: false }))],
    ['was closed', ({ ports, id }) => ports.unitOfWork.run(({ users }) => users.delete(id))],
    [
      'got another password',
      async ({ application, session }) =>
        application.changePassword.execute(await session('Ada'), {
          currentPassword: password,
          newPassword: 'newSecret456',
        }),
    ],
    [
      'got another address',
      async ({ application, admin, id }) =>
        application.correctUser.execute(await admin('Grace'), { id, email: 'ada@example.org' }),
    ],
  ])('yields nothing for an account that %s since', async (_, act) => {
    const story = await proven();
    await act(story);
    const before = await story.stored();
    expect((await story.open()).opened).toBeUndefined();
    expect(await story.stored()).toEqual(before);
  });

  it('yields nothing for another account, and nothing for a version that is yet to come', async () => {
    const { open, proof, register } = await proven();
    await register('Bob');
    for (const forged of [
      { ...proof, userId: 99 },
      { ...proof, securityVersion: 0 },
      { ...proof, securityVersion: 2 },
    ]) {
      expect((await open(forged)).opened).toBeUndefined();
    }
  });

  it('is refused where the policy requires a verified address, until it is verified', async () => {
    const { open, ports, id, stored } = await proven({ emailVerification: 'required' });
    expect(await codeOf(open())).toBe('email_not_verified');
    expect(await stored()).toEqual([]);
    await ports.unitOfWork.run(({ users }) => users.update(id, { emailVerified: true }));
    expect((await open()).opened).toBeDefined();
  });
});

describe('An account with as many sessions as it may have', () => {
  it('loses the one that was unused for longest to a new one, and the audit names the number', async () => {
    const { open, ports, id, stored, clock, audited } = await proven();
    await ports.unitOfWork.run(async ({ sessions }) => {
      const lifetime = { now: clock.now(), lifetime: 3600 };
      for (let n = 0; n < maxSessions; n += 1) {
        await sessions.open(
          sessionFor({ userId: id, methods: ['pwd'] }, `session ${n}`, anyone, lifetime),
          maxSessions,
        );
      }
    });
    clock.advance(1);
    const { session } = await open();
    const live = await stored();
    expect(live).toHaveLength(maxSessions);
    expect(live).toContainEqual(session);
    expect((await audited()).at(-1)).toMatchObject({
      type: 'session.ended',
      subjectId: id,
      ...origin,
      detail: { count: 1 },
    });
  });
});
