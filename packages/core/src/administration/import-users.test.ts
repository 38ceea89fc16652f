import { describe, expect, it } from 'vitest';
import { emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import { ImportRun } from '../model/import-run.ts';
import type { UserRecord } from './user-record.ts';

const passwordHash = `plain:7:${password}`;
const bob = { id: 70, externalId: 'legacy-70', name: 'Bob', email: emailOf('Bob'), passwordHash };
const createdAt = '2019-05-01T10:00:00Z';

type Story = ReturnType<typeof scenario>;

const importing = ({ application, system }: Story, records: readonly unknown[], run?: ImportRun) =>
  application.importUsers.attempt(system, { records, run });

/** What became of each record: its outcome, and why it was refused. */
async function outcomes(story: Story, records: readonly unknown[], run?: ImportRun): Promise<readonly string[]> {
  const { results } = await importing(story, records, run);
  return results.map(({ outcome, issues = [] }) =>
    [outcome, ...issues.map(({ path, message }) => `${path.join('.')}: ${message}`)].join(' '),
  );
}

const setup = (options: Parameters<typeof scenario>[0] = {}) => {
  const story = scenario(options);
  story.clock.advance(10);
  return story;
};

describe('An import of accounts', () => {
  it('keeps id, hash, role, state and time of an account, which logs in with its old password', async () => {
    const story = setup();
    const fields = { role: 'admin', emailVerified: true, createdAt, profile: { age: 33, city: 'Bath' } };
    expect((await importing(story, [{ ...bob, ...fields }])).results).toEqual([{ outcome: 'imported', id: 70 }]);
    const { passwordHash: _, ...user } = { ...bob, ...fields, isActive: true, createdAt: new Date(createdAt) };
    expect(await story.ports.users.findById(70)).toEqual(user);
    expect((await story.login('Bob')).user).toMatchObject({ id: 70, role: 'admin' });
    expect(await story.mailsTo(bob.email)).toEqual([]);
  });

  it('gives an account that states nothing else an id, a role, the defaults of its profile and no password', async () => {
    const story = setup();
    const nothing = { id: null, externalId: null, role: null, isActive: null, emailVerified: null, createdAt: null };
    const records = [
      { name: 'Bob', email: ' BOB@Example.com ' },
      { name: 'Cid', email: emailOf('Cid'), ...nothing },
    ];
    const { results } = await importing(story, [...records]);
    expect(results).toEqual([1, 2].map((id) => ({ outcome: 'imported', id })));
    expect(await story.ports.users.findCredentials({ id: 1 })).toEqual({
      user: {
        id: 1,
        name: 'Bob',
        email: emailOf('Bob'),
        profile: { city: 'Unknown' },
        role: 'user',
        isActive: true,
        emailVerified: false,
        createdAt: story.clock.now(),
      },
      securityVersion: 1,
    });
  });

  it('refuses what the rules of input refuse, by field and without the value, and imports the others', async () => {
    const story = setup();
    const refusedFields: [object, string][] = [
      [{ email: 'hunter2' }, 'email: Must be an e-mail address'],
      [{ email: undefined }, 'email: Field required'],
      [{ name: 'B' }, 'name: Must be at least 2 characters'],
      [{ name: 7 }, 'name: Must be a string'],
      [{ profile: { age: 151 } }, 'profile.age: Must be at most 150'],
      [{ role: 'hunter2' }, 'role: Must be one of "user" | "admin"'],
      [{ id: 1e15 }, 'id: Must be at most 999999999999999'],
      [{ id: '7' }, 'id: Must be a number'],
      [{ isActive: 1 }, 'isActive: Must be true or false'],
      [{ createdAt: 'yesterday' }, 'createdAt: Must be a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z'],
      [{ createdAt: '0001-01-01T00:00:00Z' }, 'createdAt: Must not be before 1970'],
      [{ createdAt: '9999-12-31T23:59:59Z' }, 'createdAt: Must not be in the future'],
      [{ passwordHash: 'hunter2' }, 'passwordHash: Is of a format or a cost that is not accepted here'],
      [{ externalId: '' }, 'externalId: Must be at least 1 characters'],
    ];
    const records = [...refusedFields.map(([fields]) => ({ ...bob, ...fields })), null, 7, 'hunter2', bob];
    const found = await outcomes(story, records);
    for (const [index, [, reason]] of refusedFields.entries()) expect(found[index]).toContain(`refused ${reason}`);
    expect(found.slice(-4)).toEqual([...Array(3).fill('refused : Must be an object'), 'imported']);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('takes an invisible name, which earlier versions stored', async () => {
    expect(await outcomes(setup(), [{ ...bob, name: '\u3164\u3164' }])).toEqual(['imported']);
  });

  it('names every field that is invalid', async () => {
    expect(await outcomes(setup(), [{ ...bob, name: 'B', email: 'no' }])).toEqual([
      'refused name: Must be at least 2 characters email: Must be an e-mail address',
    ]);
  });

  it('refuses an account that the hook of the host refuses', async () => {
    const refuseAccount = ({ email }: { email: string }) => (email === bob.email ? 'Not at this domain' : undefined);
    const story = setup({ hooks: { refuseAccount } });
    const records = [bob, { name: 'Cid', email: emailOf('Cid') }];
    expect(await outcomes(story, records)).toEqual(['refused : Not at this domain', 'imported']);
  });

  it('records each account in the audit, and tells subscribers', async () => {
    const story = setup();
    const told: unknown[] = [];
    story.application.events.on('user.imported', ({ subjectId, detail }) => void told.push([subjectId, detail]));
    await importing(story, [bob, { name: 'Cid', email: emailOf('Cid') }, bob]);
    const expected = [70, 71].map((id) => [id, { role: 'user', withPassword: id === 70 }]);
    expect((await story.audited()).map(({ subjectId, detail }) => [subjectId, detail])).toEqual(expected);
    expect(told).toEqual(expected);
  });
});

describe('A repeated import of accounts', () => {
  const records: readonly UserRecord[] = [
    bob,
    { name: 'Cid', email: emailOf('Cid'), createdAt },
    { name: 'Dan', email: emailOf('Dan'), profile: { age: 7 } },
  ];

  it('recognises what it imported, and changes nothing', async () => {
    const story = setup();
    await importing(story, records);
    story.clock.advance(60);
    const before = await story.ports.users.listCredentials({ skip: 0, limit: 9 });
    expect((await importing(story, records)).results).toEqual(
      before.map(({ user: { id } }) => ({ outcome: 'present', id })),
    );
    expect(await story.ports.users.listCredentials({ skip: 0, limit: 9 })).toEqual(before);
    expect(await story.audited()).toHaveLength(3);
  });

  it('recognises an account by what it states, whatever its owner has changed since', async () => {
    const story = setup();
    await importing(story, records);
    const { users } = story.ports;
    await story.ports.unitOfWork.run(async (transaction) => {
      for (const { user } of await transaction.users.findAny({ ids: [70, 71], emails: [], externalIds: [] })) {
        await transaction.users.update(user.id, { name: 'Countess', profile: { age: 1 } });
        await transaction.users.rehashPassword(user.id, 'plain:8:stronger');
      }
      await transaction.users.changeCredentials(70, { email: 'new@example.com' as Email });
    });
    expect(await outcomes(story, records)).toEqual(['present', 'present', 'present']);
    expect(await users.findById(70)).toMatchObject({ name: 'Countess', email: 'new@example.com' });
  });

  it('refuses to take an account that another party registered for its own', async () => {
    const story = setup();
    for (const name of ['Bob', 'Cid', 'Dan']) await story.register(name, { profile: { age: 7 } });
    const taken = 'refused email: Already registered by another account';
    expect(await outcomes(story, records)).toEqual([taken, taken, taken]);
    expect(await outcomes(story, [{ ...bob, id: 1, externalId: undefined, createdAt }])).toEqual([taken]);
  });

  it('refuses an id or external id that another account has', async () => {
    const story = setup();
    await importing(story, [bob]);
    const ada = { name: 'Ada', email: emailOf('Ada') };
    expect(await outcomes(story, [{ ...ada, id: 70 }])).toEqual(['refused id: Belongs to another account']);
    expect(await outcomes(story, [{ ...ada, id: 71, externalId: bob.externalId }])).toEqual([
      'refused externalId: Belongs to another account',
    ]);
  });

  it('refuses the id of a closed account whose rows are not yet deleted', async () => {
    const story = setup();
    await importing(story, [bob]);
    await story.application.deleteUser.execute(await story.admin('Grace'), { id: 70 });
    const reason = 'refused id: Belongs to an account that was closed, whose rows are not yet deleted';
    expect(await outcomes(story, [bob])).toEqual([reason]);
  });

  it('finds out whose an address is that was registered while it ran', async () => {
    const story = setup();
    await story.register('Bob');
    story.within(({ users }) => {
      users.findAny = async () => [];
    });
    expect(await outcomes(story, [{ name: 'Bob', email: emailOf('Bob') }])).toEqual([
      'refused email: Already registered by another account',
    ]);
  });

  it('can follow a call that failed, with the same run', async () => {
    const story = setup();
    const run = new ImportRun();
    story.faults.fail('commit');
    await expect(importing(story, [bob], run)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await outcomes(story, [bob], run)).toEqual(['imported']);
  });
});

describe('A second record for one account in an import', () => {
  it('is refused, in the same call and in a later one of the run', async () => {
    const story = setup();
    const run = new ImportRun();
    const twice = [
      bob,
      { ...bob, id: 71, email: 'BOB@example.com', externalId: null },
      { ...bob, email: emailOf('Cid') },
    ];
    const same = (field: string) => `refused ${field}: Is the same as in an earlier record`;
    expect(await outcomes(story, twice, run)).toEqual(['imported', same('email'), same('id')]);
    const later = [{ name: 'Dan', email: emailOf('Dan'), externalId: bob.externalId }, bob];
    expect(await outcomes(story, later, run)).toEqual([same('externalId'), same('id')]);
  });

  it('is imported if the first one was invalid', async () => {
    expect(await outcomes(setup(), [{ ...bob, name: 'B' }, bob])).toEqual([
      'refused name: Must be at least 2 characters',
      'imported',
    ]);
  });
});

describe('A dry run', () => {
  it('says what would become of each record, also against stored accounts, and changes nothing', async () => {
    const story = setup();
    await story.register('Ada');
    await importing(story, [bob]);
    const run = new ImportRun({ dryRun: true });
    const cid = { name: 'Cid', email: emailOf('Cid'), id: 500 };
    const found = await outcomes(story, [bob, cid, { name: 'Ada', email: emailOf('Ada') }, cid], run);
    expect(found).toEqual([
      'present',
      'imported',
      'refused email: Already registered by another account',
      'refused id: Is the same as in an earlier record',
    ]);
    expect(await story.register('Dan')).toMatchObject({ id: 71 });
    expect((await story.audited()).map(({ type }) => type)).toEqual([
      'user.registered',
      'user.imported',
      'user.registered',
    ]);
  });
});

describe('An export of accounts', () => {
  it('has every account as an import reads it, page by page, with hashes only on request', async () => {
    const story = setup();
    await importing(story, [
      bob,
      { name: 'Cid', email: emailOf('Cid'), isActive: false, createdAt, profile: { city: 'Bath' } },
    ]);
    const { exportUsers } = story.application;
    const { items } = await exportUsers.execute(story.system);
    expect(items).toEqual([
      {
        id: 70,
        externalId: 'legacy-70',
        name: 'Bob',
        email: emailOf('Bob'),
        emailVerified: false,
        role: 'user',
        isActive: true,
        createdAt: story.clock.now(),
        profile: { age: null, city: 'Unknown' },
      },
      expect.objectContaining({ id: 71, isActive: false, profile: { age: null, city: 'Bath' } }),
    ]);
    const first = await exportUsers.execute(story.system, { limit: 1, withPasswordHashes: true });
    expect([first.items.map((one) => one.passwordHash), first.next]).toEqual([[passwordHash], 70]);
    expect((await exportUsers.execute(story.system, { after: 70 })).items).toEqual(items.slice(1));
  });

  it('is the same after an import into an empty store', async () => {
    const [story, other] = [setup(), setup()];
    await story.register('Ada');
    await importing(story, [bob]);
    await story.ports.unitOfWork.run(({ users }) => users.update(1, { name: 'Countess', role: 'admin' }));
    const exported = async ({ application, system }: Story) =>
      (await application.exportUsers.execute(system, { withPasswordHashes: true })).items;
    const items = await exported(story);
    await importing(
      other,
      items.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })),
    );
    expect(await exported(other)).toEqual(items);
    expect((await other.application.login.execute(anyone, { email: emailOf('Ada'), password })).user.name).toBe(
      'Countess',
    );
  });
});
