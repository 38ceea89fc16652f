import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { SallyportError } from '../model/errors.ts';

const root = { email: ' Root@Example.com', password };

const allUsers = ({ ports }: ReturnType<typeof scenario>) => ports.users.list({}, { skip: 0, limit: 100 });

describe('BootstrapAdmin', () => {
  it('makes the first admin, who can log in', async () => {
    const story = scenario();
    expect(await story.application.bootstrapAdmin.execute(story.system, root)).toBe(true);
    expect((await story.login('Root')).user).toStrictEqual({
      id: 1,
      name: 'Administrator',
      email: 'root@example.com',
      profile: { age: null, city: 'Unknown' },
      role: 'admin',
      isActive: true,
      emailVerified: true,
      createdAt: story.clock.now(),
    });
  });

  it('makes one, once', async () => {
    const story = scenario();
    await story.application.bootstrapAdmin.execute(story.system, root);
    const hash = vi.spyOn(story.ports.hasher, 'hash');
    const another = { ...root, password: 'newSecret456' };
    expect(await story.application.bootstrapAdmin.execute(story.system, another)).toBe(false);
    expect(await story.application.bootstrapAdmin.execute(story.system, { ...root, email: 'second@example.com' })).toBe(
      false,
    );
    expect(hash).not.toHaveBeenCalled();
    expect(await allUsers(story)).toHaveLength(1);
    expect(await story.login('Root')).toHaveProperty('accessToken');
  });

  it('makes none if an admin exists', async () => {
    const story = scenario();
    const grace = await story.admin('Grace');
    expect(await story.application.bootstrapAdmin.execute(story.system, root)).toBe(false);
    expect(await allUsers(story)).toEqual([grace.user]);
  });

  it('looks at one admin, however many there are', async () => {
    const { application, system, ports, admin } = scenario();
    const grace = await admin('Grace');
    await admin('Hedy');
    const list = vi.spyOn(ports.users, 'list');
    expect(await application.bootstrapAdmin.execute(system, root)).toBe(false);
    await expect(list.mock.results[0]?.value).resolves.toEqual([grace.user]);
  });

  it('makes one where there are members only', async () => {
    const story = scenario();
    await story.register('Ada');
    expect(await story.application.bootstrapAdmin.execute(story.system, root)).toBe(true);
  });

  it('makes one where no admin is in use', async () => {
    const story = scenario();
    const { user } = await story.admin('Grace');
    await story.ports.unitOfWork.run(({ users }) => users.update(user.id, { isActive: false }));
    expect(await story.application.bootstrapAdmin.execute(story.system, root)).toBe(true);
  });

  it('refuses the address of a member and promotes no account', async () => {
    const story = scenario();
    const ada = await story.register('Ada');
    const input = { email: emailOf('Ada'), password: 'newSecret456' };
    expect(await codeOf(story.application.bootstrapAdmin.execute(story.system, input))).toBe('email_taken');
    expect(await allUsers(story)).toEqual([ada]);
    expect(await codeOf(story.login('Ada', input.password))).toBe('invalid_credentials');
  });

  it.each([
    ['the same address', () => root.email],
    ['an address of its own', (node: number) => `root${node}@example.com`],
  ])('makes one admin when twenty nodes start at once, each told %s', async (_, addressOf) => {
    const story = scenario();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_each, node) =>
        story.application.bootstrapAdmin.execute(story.system, { ...root, email: addressOf(node) }),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await allUsers(story)).toHaveLength(1);
  });

  it('refuses an address that a member took while it was at work', async () => {
    const story = scenario();
    story.meanwhile(() => story.register('Root'));
    expect(await codeOf(story.application.bootstrapAdmin.execute(story.system, root))).toBe('email_taken');
    expect(await allUsers(story)).toMatchObject([{ role: 'user' }]);
  });

  it.each([new Error('disk full'), new SallyportError('unavailable')])(
    'passes on %s, whatever admins there are',
    async (fault) => {
      const story = scenario();
      story.meanwhile(async () => {
        await story.admin('Grace');
        throw fault;
      });
      await expect(story.application.bootstrapAdmin.execute(story.system, root)).rejects.toBe(fault);
    },
  );

  it.each([
    [{ email: 'root' }, { email: 'Must be an e-mail address' }],
    [{ password: '12345678' }, { password: 'Password cannot be only numbers' }],
    [{ password: 'Password1' }, { password: 'Password is among the most common ones' }],
    [{ email: 'r1@example.com', password: 'R1@example.com' }, { password: 'Password cannot be the e-mail address' }],
    [{ password: undefined }, { password: 'Field required' }],
  ])('refuses %o', async (fields, issues) => {
    const { application, system } = scenario();
    expect(await issuesOf(application.bootstrapAdmin.attempt(system, { ...root, ...fields }))).toEqual(issues);
  });
});
