import { describe, expect, it } from 'vitest';
import { codeOf, scenario } from '../../test/scenario.ts';
import type { Admin, Member } from '../model/caller.ts';
import type { Application } from '../application.ts';

/** Every way in which an admin can be taken away: by another one, or by themselves. */
const ways: [string, (application: Application, by: Admin, id: number) => Promise<unknown>][] = [
  ['demoted', (application, by, id) => application.changeRole.execute(by, { id, role: 'user' })],
  ['deactivated', (application, by, id) => application.deactivateUser.execute(by, { id })],
  ['deleted', (application, by, id) => application.deleteUser.execute(by, { id })],
];
const byThemselves: [string, (application: Application, self: Member) => Promise<unknown>][] = [
  ['deactivates', (application, self) => application.deactivate.execute(self)],
  ['deletes', (application, self) => application.deleteAccount.execute(self)],
];

type Story = ReturnType<typeof scenario>;

const activeAdmins = ({ ports }: Story) => ports.users.list({ role: 'admin', isActive: true }, { skip: 0, limit: 100 });

async function twentyAdmins(story: Story): Promise<Admin[]> {
  const admins: Admin[] = [];
  for (let n = 0; n < 20; n += 1) admins.push(await story.admin(`Admin${n}`));
  return admins;
}

const codesOf = (answers: readonly PromiseSettledResult<unknown>[]) =>
  answers.flatMap((answer) => (answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : []));

describe('The last active admin', () => {
  it.each(ways)('cannot be %s', async (_, take) => {
    const story = scenario();
    const grace = await story.admin('Grace');
    expect(await codeOf(take(story.application, grace, grace.user.id))).toBe('last_admin');
    expect(await activeAdmins(story)).toEqual([grace.user]);
    expect(await story.isOpen(grace)).toBe(true);
  });

  it.each(byThemselves)('never %s their own account', async (_, leave) => {
    const story = scenario();
    const grace = await story.admin('Grace');
    expect(await codeOf(leave(story.application, grace))).toBe('last_admin');
    expect(await activeAdmins(story)).toEqual([grace.user]);
    expect(await story.isOpen(grace)).toBe(true);
  });

  it.each(ways)('is the last one though others are, who are out of use: not %s', async (_, take) => {
    const story = scenario();
    const [grace, idle] = [await story.admin('Grace'), await story.admin('Idle')];
    await story.application.deactivate.execute(idle);
    expect(await codeOf(take(story.application, grace, grace.user.id))).toBe('last_admin');
  });

  it.each(ways)('lets any other account be %s', async (_, take) => {
    const story = scenario();
    const [grace, idle, ada] = [await story.admin('Grace'), await story.admin('Idle'), await story.member('Ada')];
    await story.application.deactivate.execute(idle);
    await take(story.application, grace, ada.user.id);
    await take(story.application, grace, idle.user.id);
    expect(await activeAdmins(story)).toEqual([grace.user]);
  });

  it('may stay an admin', async () => {
    const { application, admin } = scenario();
    const grace = await admin('Grace');
    const input = { id: grace.user.id, role: 'admin' as const };
    expect(await application.changeRole.execute(grace, input)).toStrictEqual(grace.user);
  });
});

describe('One of two admins', () => {
  it.each(ways)('can be %s, whichever it is, and the other one stays', async (_, take) => {
    for (const first of [0, 1]) {
      const story = scenario();
      const admins = [await story.admin('Grace'), await story.admin('Hedy')];
      const [leaving, staying] = [admins[first]!, admins[1 - first]!];
      await take(story.application, staying, leaving.user.id);
      expect(await activeAdmins(story)).toEqual([staying.user]);
      expect(await codeOf(take(story.application, staying, staying.user.id))).toBe('last_admin');
    }
  });
});

describe('Of twenty admins', () => {
  it.each(ways)('at least one is left when each is %s by another at once', async (_, take) => {
    const story = scenario();
    const admins = await twentyAdmins(story);
    const answers = await Promise.allSettled(
      admins.map((by, n) => take(story.application, by, admins[(n + 1) % 20]!.user.id)),
    );
    // An admin who was removed meanwhile removes no other.
    const left = await activeAdmins(story);
    expect(left.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(20 - left.length);
  });

  it('one is left when all leave at once, each in a way of their own', async () => {
    const story = scenario();
    const admins = await twentyAdmins(story);
    const leave = [...ways.map(([, take]) => take), ...byThemselves.map(([, go]) => go)];
    const answers = await Promise.allSettled(
      admins.map((self, n) => leave[n % leave.length]!(story.application, self, self.user.id)),
    );
    expect(codesOf(answers)).toEqual(['last_admin']);
    expect(await activeAdmins(story)).toHaveLength(1);
  });
});

describe('All admins are locked before any other row', () => {
  it.each([...ways, ...byThemselves])('when one is %s', async (_, take) => {
    const story = scenario();
    const [grace, hedy] = [await story.admin('Grace'), await story.admin('Hedy')];
    story.calls.length = 0;
    await take(story.application, hedy, hedy.user.id);
    const [begin, first] = story.calls.slice(story.calls.lastIndexOf('transaction'));
    expect([begin, first]).toEqual(['transaction', 'users.lockActiveAdmins']);
    expect(await activeAdmins(story)).toEqual([grace.user]);
  });

  it('and not at all when the one who leaves is a member: members hold up no admin', async () => {
    const story = scenario();
    const [grace, ada, bob] = [await story.admin('Grace'), await story.member('Ada'), await story.member('Bob')];
    story.calls.length = 0;
    await story.application.deactivate.execute(ada);
    await story.application.deleteUser.execute(grace, { id: bob.user.id });
    expect(story.calls).toContain('authority.lock');
    expect(story.calls).not.toContain('users.lockActiveAdmins');
  });
});
