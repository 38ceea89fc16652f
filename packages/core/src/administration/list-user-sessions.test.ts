import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { type Admin, anyone, requireAdmin } from '../model/caller.ts';

const day = 24 * 60 * 60;

/** Grace the admin, and Ada on her laptop and, an hour later, on her phone. */
async function people() {
  const story = scenario();
  const { application, clock, login } = story;
  const grace = await story.admin('Grace');
  const { id } = await story.register('Ada');
  const on = async (userAgent: string) =>
    application.authenticate.execute(anyone, await login('Ada', password, { ip: '203.0.113.7', userAgent }));
  const laptop = await on('Laptop/1');
  clock.advance(3600);
  const phone = await on('Phone/1');
  const list = (input: object = {}) => application.listUserSessions.execute(grace, { id, ...input });
  const idsOf = async (input: object = {}) => (await list(input)).items.map((session) => session.id);
  return { ...story, grace, id, laptop, phone, list, idsOf };
}

describe('ListUserSessions', () => {
  it('shows the live sessions of any account, the newest first', async () => {
    const { list, clock, phone, laptop } = await people();
    const { items } = await list();
    expect(items.map(({ id }) => id)).toEqual([phone.sessionId, laptop.sessionId]);
    expect(items[0]).toMatchObject({
      createdAt: clock.now(),
      authenticatedAt: clock.now(),
      methods: ['pwd'],
      ip: '203.0.113.7',
      userAgent: 'Phone/1',
      current: false,
    });
  });

  it("marks the admin's own current session", async () => {
    const { list, grace } = await people();
    expect((await list({ id: grace.user.id })).items).toMatchObject([{ id: grace.sessionId, current: true }]);
  });

  it('shows none that ended, expired or were idle', async () => {
    const { application, laptop, phone, clock, grace, id, session } = await people();
    await application.logout.execute(phone);
    const idsSeenBy = async (admin: Admin) =>
      (await application.listUserSessions.execute(admin, { id })).items.map((one) => one.id);
    expect(await idsSeenBy(grace)).toEqual([laptop.sessionId]);
    clock.advance(30 * day - 3600);
    expect(await idsSeenBy(requireAdmin(await session('Grace')))).toEqual([]);
  });

  it('shows the sessions of an account that is deactivated: none', async () => {
    const { idsOf, application, grace, id } = await people();
    await application.deactivateUser.execute(grace, { id });
    expect(await idsOf()).toEqual([]);
  });

  it('pages by key', async () => {
    const { list, laptop, phone } = await people();
    const first = await list({ limit: 1 });
    expect(first).toMatchObject({ items: [{ id: phone.sessionId }], next: phone.sessionId });
    const second = await list({ limit: 1, after: first.next });
    expect(second).toMatchObject({ items: [{ id: laptop.sessionId }] });
    expect(second).not.toHaveProperty('next');
  });

  it('refuses an account that does not exist, or was closed', async () => {
    const { list, application, grace, id } = await people();
    expect(await codeOf(list({ id: 99 }))).toBe('user_not_found');
    await application.deleteUser.execute(grace, { id });
    expect(await codeOf(list())).toBe('user_not_found');
  });

  it.each([
    [{ id: 'x' }, { id: 'Must be a number' }],
    [{ limit: 101 }, { limit: 'Must be at most 100' }],
    [{ after: '7' }, { after: 'Is not valid' }],
  ])('refuses %o', async (input, issues) => {
    const { list } = await people();
    expect(await issuesOf(list(input))).toEqual(issues);
  });
});
