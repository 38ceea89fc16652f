import { describe, expect, it, vi } from 'vitest';
import { posts } from '../posts/index.ts';
import { codeOf, password } from '../../test/scenario.ts';
import { newPassword, origin, securityEvents, withPeople } from '../../test/security-events.ts';
import { anyone } from '../model/caller.ts';
import { type EventType, eventTypes } from '../model/event-types.ts';

/** What no use case does: a ring of keys tells of its keys, in transactions of its own, and has a test of it. */
const toldByAdapters: readonly EventType[] = ['signing_key.created', 'signing_key.revoked'];

/** What the system does by itself, from no address. */
const bySystem = ['BootstrapAdmin', 'ImportUsers', 'SendMails', 'UnslowUser'];

describe('The audit', () => {
  it.each(securityEvents)('says %s of %s: by %s, to %s, %o', async (type, by, actor, subject, detail, act) => {
    const story = await withPeople();
    await act(story);
    const ids = { Grace: 1, Ada: 2, Bob: 3, Hedy: 3 };
    const { items } = await story.application.listAudit.execute(story.grace, { type, limit: 100 });
    const entry = items.find((item) => item.detail['kind'] === detail['kind']);
    expect(entry).toStrictEqual({
      id: expect.any(Number) as number,
      at: expect.any(Date) as Date,
      type,
      actorId: actor ? ids[actor] : null,
      subjectId: subject ? ids[subject] : null,
      ...(bySystem.includes(by) ? { ip: null, userAgent: null } : origin),
      detail: bySystem.includes(by) ? { ...detail, by: 'system' } : detail,
    });
  });

  it('has a way to see each kind of event', () => {
    const seen = [...securityEvents.map(([type]) => type), ...toldByAdapters];
    expect(new Set(seen)).toEqual(new Set([...eventTypes, ...posts.events]));
  });

  it.each(securityEvents)('keeps secrets out of %s of %s', async (_, __, ___, ____, _____, act) => {
    const story = await withPeople();
    const secrets = [password, newPassword, 'wrong-1', 'plain:'];
    const { accessTokens, refreshTokens, secrets: generator } = story.ports;
    const remember = <Token>(token: Token): Token => {
      secrets.push(String(token));
      return token;
    };
    const [issue, renew, oneTime] = [
      accessTokens.issue.bind(accessTokens),
      refreshTokens.issue.bind(refreshTokens),
      generator.oneTimeToken.bind(generator),
    ];
    vi.spyOn(accessTokens, 'issue').mockImplementation(async (...input) => remember(await issue(...input)));
    vi.spyOn(refreshTokens, 'issue').mockImplementation(async (...input) => remember(await renew(...input)));
    vi.spyOn(generator, 'oneTimeToken').mockImplementation(() => {
      const made = oneTime();
      remember(made.token);
      remember(made.digest);
      return made;
    });
    await act(story);
    const said = JSON.stringify(await story.audited());
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it.each(securityEvents)(
    'tells the subscribers of %s of %s what it remembers',
    async (type, _, __, ___, ____, act) => {
      const story = await withPeople();
      const before = (await story.audited()).length;
      const told: unknown[] = [];
      story.application.events.on('*', (event) => void told.push(event));
      await act(story);
      const entries = (await story.audited()).slice(before);
      expect(told).toEqual(entries.map(({ id: _id, ...event }) => event));
      expect(entries.map((entry) => entry.type)).toContain(type);
    },
  );

  it('cuts what a client says of itself and makes it storable', async () => {
    const { login, audited } = await withPeople();
    await login('Ada', password, { ip: 'f'.repeat(46), userAgent: `Lynx\r\n\0${'x'.repeat(10_000)}` });
    expect((await audited()).at(-1)).toMatchObject({
      ip: 'f'.repeat(45),
      userAgent: `Lynx   ${'x'.repeat(505)}`,
    });
  });

  it('remembers those who are gone', async () => {
    const { application, grace, ada, id } = await withPeople();
    await application.deleteAccount.execute(ada);
    const { items } = await application.listAudit.execute(grace, { subjectId: id });
    expect(items.map(({ type }) => type)).toEqual(['user.deleted', 'user.logged_in', 'user.registered']);
  });

  it('says nothing of what was refused without a password being tried', async () => {
    const { application, register, grace, audited } = await withPeople();
    const before = await audited();
    const refused = [
      register('Ada'),
      application.resetPassword.execute(anyone, { token: 'none', newPassword }),
      application.verifyEmail.execute(anyone, { token: 'none' }),
      application.deactivate.execute(grace),
      application.deleteAccount.execute(grace),
      application.changeRole.execute(grace, { id: 99, role: 'user' }),
      application.activateUser.execute(grace, { id: 99 }),
      application.deactivateUser.execute(grace, { id: 99 }),
      application.deleteUser.execute(grace, { id: 99 }),
      application.endUserSessions.execute(grace, { id: 99 }),
      application.sendPasswordReset.execute(grace, { id: 99 }),
    ];
    await Promise.all(refused.map(codeOf));
    expect(await audited()).toEqual(before);
  });
});
