import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, password } from '../../test/scenario.ts';
import { origin, withPeople } from '../../test/security-events.ts';

describe('ListAudit', () => {
  it('shows the newest first, page by page', async () => {
    const { application, grace } = await withPeople();
    const all = await application.listAudit.execute(grace, {});
    expect(all.items.map(({ type }) => type)).toEqual([
      'user.logged_in',
      'user.registered',
      'user.logged_in',
      'user.registered',
    ]);
    const first = await application.listAudit.execute(grace, { limit: 3 });
    expect(first).toEqual({ items: all.items.slice(0, 3), next: all.items[2]?.id });
    const rest = await application.listAudit.execute(grace, { limit: 3, after: first.next });
    expect(rest).toEqual({ items: all.items.slice(3) });
  });

  it('filters by subject, actor and type', async () => {
    const { application, grace, ada } = await withPeople();
    await application.changeRole.execute(grace, { id: ada.user.id, role: 'admin' });
    await application.logout.execute(ada);
    const types = async (filter: object) =>
      (await application.listAudit.execute(grace, filter)).items.map(({ type }) => type);
    expect(await types({ subjectId: grace.user.id })).toEqual(['user.logged_in', 'user.registered']);
    expect(await types({ actorId: grace.user.id })).toEqual(['user.role_changed', 'user.logged_in']);
    expect(await types({ actorId: ada.user.id, subjectId: ada.user.id })).toEqual(['session.ended', 'user.logged_in']);
    expect(await types({ type: 'user.registered' })).toEqual(['user.registered', 'user.registered']);
    expect(await types({ type: 'user.deleted' })).toEqual([]);
  });

  it('shows what came from an address, or happened between two moments', async () => {
    const { application, grace, ada, login, clock } = await withPeople();
    const start = clock.now().toISOString();
    clock.advance(60);
    const moment = clock.now().toISOString();
    await login('Ada', password, { ip: '192.0.2.1' });
    clock.advance(60);
    await application.logout.execute(ada);
    const types = async (filter: object) =>
      (await application.listAudit.execute(grace, filter)).items.map(({ type }) => type);
    expect(await types({ ip: '192.0.2.1' })).toEqual(['user.logged_in']);
    expect(await types({ ip: origin.ip })).toEqual(['session.ended']);
    expect(await types({ ip: '192.0.2.2' })).toEqual([]);
    expect(await types({ since: moment })).toEqual(['session.ended', 'user.logged_in']);
    expect(await types({ since: clock.now().toISOString() })).toEqual(['session.ended']);
    expect(await types({ until: moment })).toHaveLength(4);
    expect(await types({ since: start, until: moment, type: 'user.registered' })).toHaveLength(2);
    expect(await types({ since: '2026-01-01T02:01:00+02:00', ip: '192.0.2.1' })).toEqual(['user.logged_in']);
  });

  it.each([
    ['127.0.0.1', '::ffff:127.0.0.1', ' ::FFFF:7f00:1 '],
    ['::ffff:127.0.0.1', '127.0.0.1', '0:0:0:0:0:ffff:127.0.0.1'],
    ['2001:DB8:0::0001', '2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['fe80::1%eth0', 'FE80::1', 'fe80::0:1%eth1'],
  ])('finds what came from %s under every spelling of the address', async (ip, ...spellings) => {
    const { application, grace, login } = await withPeople();
    await login('Ada', password, { ip });
    for (const spelling of spellings) {
      const { items } = await application.listAudit.execute(grace, { ip: spelling });
      expect([spelling, items.map(({ type }) => type)]).toEqual([spelling, ['user.logged_in']]);
    }
  });

  it('says null where it knows nothing', async () => {
    const { application, grace, login } = await withPeople();
    await codeOf(login('Nobody', 'wrong-1'));
    const { items } = await application.listAudit.execute(grace, { limit: 1 });
    expect(items).toMatchObject([{ actorId: null, subjectId: null, ip: null, userAgent: null, detail: {} }]);
  });

  it.each([
    [{ limit: 0 }, { limit: 'Must be at least 1' }],
    [{ limit: 101 }, { limit: 'Must be at most 100' }],
    [{ subjectId: '1' }, { subjectId: 'Must be a number' }],
    [{ actorId: -1 }, { actorId: 'Must be at least 1' }],
    [{ ip: '' }, { ip: 'Must be at least 1 characters' }],
    [{ ip: 'x'.repeat(46) }, { ip: 'Must be at most 45 characters' }],
    [{ since: 'yesterday' }, { since: 'Must be a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z' }],
    [{ until: 0 }, { until: 'Must be a string' }],
  ])('refuses %o', async (input, issues) => {
    const { application, grace } = await withPeople();
    expect(await issuesOf(application.listAudit.execute(grace, input as never))).toEqual(issues);
  });

  it.each(['192.0.2', '192.0.2.1/32', '192.0.2.01', '2001:db8::%', 'localhost'])(
    'refuses %s, which is no address',
    async (ip) => {
      const { application, grace } = await withPeople();
      const answer = application.listAudit.execute(grace, { ip });
      expect(await issuesOf(answer)).toEqual({ ip: 'Must be an IPv4 or IPv6 address' });
    },
  );

  it('refuses a type that there is not', async () => {
    const { application, grace } = await withPeople();
    const answer = application.listAudit.execute(grace, { type: '__proto__' as never });
    expect(await issuesOf(answer)).toHaveProperty('type');
  });
});
