import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { requireAdmin } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

const mary = { name: 'Mary', email: emailOf('Mary') };

async function withAdmin(policy: PolicyOptions = {}) {
  const story = scenario(policy);
  const grace = await story.admin('Grace');
  const create = (input: object = {}) => story.application.createUser.execute(grace, { ...mary, ...input });
  const credentials = (id: number) => story.ports.users.findCredentials({ id });
  return { ...story, grace, create, credentials };
}

describe('CreateUser', () => {
  it('creates an active account without a password, whose owner is invited', async () => {
    const { create, credentials, clock, mailsTo, audited } = await withAdmin();
    const created = await create({ name: ' Mary ', email: ' MARY@example.com ' });
    expect(created).toStrictEqual({
      id: 2,
      name: 'Mary',
      email: 'mary@example.com',
      profile: { age: null, city: 'Unknown' },
      role: 'user',
      isActive: true,
      emailVerified: false,
      createdAt: clock.now(),
    });
    expect(await credentials(2)).toEqual({ user: expect.anything() as object, securityVersion: 1 });
    expect((await audited()).at(-1)).toMatchObject({ type: 'user.created', actorId: 1, subjectId: 2 });
    expect(await mailsTo('mary@example.com')).toEqual(['invitation']);
  });

  it('creates an account with a password, and mails the link that confirms the address', async () => {
    const { create, login, mailsTo } = await withAdmin();
    await create({ password });
    expect(await login('Mary')).toMatchObject({ user: { id: 2 } });
    expect(await mailsTo(mary.email)).toEqual(['verify-email']);
  });

  it('mails nothing to an address that the admin vouches for, if there is a password', async () => {
    const { create, mailsTo } = await withAdmin();
    expect(await create({ password, emailVerified: true })).toMatchObject({ emailVerified: true });
    expect(await mailsTo(mary.email)).toEqual([]);
    await create({ email: emailOf('Joan'), emailVerified: true });
    expect(await mailsTo(emailOf('Joan'))).toEqual(['invitation']);
  });

  it('sets the role, the external id and the fields that admins may write', async () => {
    const { create, ports } = await withAdmin();
    const profile = { age: 79, city: 'Bath' };
    expect(await create({ role: 'admin', externalId: ' legacy-1 ', profile })).toMatchObject({
      role: 'admin',
      profile,
    });
    expect(await ports.users.findById(2)).toMatchObject({ externalId: 'legacy-1', profile });
  });

  it('ignores fields that are not for the admin to set', async () => {
    const { create, ports } = await withAdmin();
    const privileges = {
      id: 99,
      isActive: false,
      createdAt: new Date(0),
      passwordHash: 'plain:0:known',
      securityVersion: 7,
    };
    await create({ ...privileges, profile: { ...privileges, role: 'admin' } });
    expect(await ports.users.findById(2)).toMatchObject({ isActive: true, role: 'user', profile: { city: 'Unknown' } });
    expect((await ports.users.findById(2))?.profile).not.toHaveProperty('isActive');
  });

  it('refuses an address and an external id that are taken, and keeps nothing', async () => {
    const { create, audited, mailsTo, ports } = await withAdmin();
    await create({ externalId: 'legacy-1' });
    const before = await audited();
    expect(await codeOf(create())).toBe('email_taken');
    expect(await codeOf(create({ email: emailOf('Joan'), externalId: 'legacy-1' }))).toBe('external_id_taken');
    expect(await audited()).toEqual(before);
    expect(await mailsTo(emailOf('Joan'))).toEqual([]);
    expect(await ports.users.list({}, { skip: 0, limit: 10 })).toHaveLength(2);
  });

  it.each([
    [{ name: 'M' }, { name: 'Must be at least 2 characters' }],
    [{ email: 'mary' }, { email: 'Must be an e-mail address' }],
    [{ password: '12345678' }, { password: 'Password cannot be only numbers' }],
    [{ password: 'password1' }, { password: 'Password is among the most common ones' }],
    [{ password: emailOf('Mary') }, { password: 'Password cannot be the e-mail address' }],
    [{ password: null }, { password: 'Must be a string' }],
    [{ role: 'root' }, { role: 'Must be one of "user" | "admin"' }],
    [{ externalId: '' }, { externalId: 'Must be at least 1 characters' }],
    [{ profile: { age: 151 } }, { 'profile.age': 'Must be at most 150' }],
  ])('refuses %o', async (input, issues) => {
    const { create } = await withAdmin();
    expect(await issuesOf(create(input))).toEqual(issues);
  });

  it('hashes outside the transaction, and nothing where there is no password', async () => {
    const { create, ports, calls } = await withAdmin();
    const hash = vi.spyOn(ports.hasher, 'hash');
    await create();
    expect(hash).not.toHaveBeenCalled();
    calls.length = 0;
    await create({ email: emailOf('Joan'), password });
    expect(calls.filter((call) => ['hasher.hash', 'transaction'].includes(call))).toEqual([
      'hasher.hash',
      'transaction',
    ]);
  });
});

describe('Where registration is not open', () => {
  /** Grace the admin, by the first admin's own door. */
  async function restricted(registration: 'invited' | 'closed') {
    const story = scenario({ registration });
    await story.application.bootstrapAdmin.execute(story.system, { email: emailOf('Grace'), password });
    const create = async () => story.application.createUser.execute(requireAdmin(await story.session('Grace')), mary);
    return { ...story, create };
  }

  it.each(['invited', 'closed'] as const)(
    '%s refuses a caller who registers, before anything is counted or hashed',
    async (to) => {
      const { register, calls, ports } = await restricted(to);
      calls.length = 0;
      expect(await codeOf(register('Ada'))).toBe('registration_closed');
      expect(calls).toEqual([]);
      expect(await ports.users.list({}, { skip: 0, limit: 10 })).toHaveLength(1);
    },
  );

  it('invited lets admins create accounts', async () => {
    const { create } = await restricted('invited');
    expect(await create()).toMatchObject({ name: 'Mary' });
  });

  it('closed refuses admins too, and mails nothing', async () => {
    const { create, mailsTo } = await restricted('closed');
    expect(await codeOf(create())).toBe('registration_closed');
    expect(await mailsTo(mary.email)).toEqual([]);
  });
});
