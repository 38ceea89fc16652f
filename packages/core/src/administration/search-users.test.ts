import { describe, expect, it } from 'vitest';
import { issuesOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

/** Grace the admin, and those she may look for. */
async function people() {
  const { application, admin, register, member, mailedToken } = scenario();
  const grace = await admin('Grace');
  await register('Ada Lovelace', { email: 'countess@example.com' });
  await register('Äda', { email: 'other@example.com' });
  await application.verifyEmail.execute(anyone, { token: await mailedToken('other@example.com', 'verify-email') });
  await application.deactivate.execute(await member('Adam'));
  const mary = { name: 'Mary', email: 'mary@example.com', externalId: 'legacy-1' };
  await application.createUser.execute(grace, mary);
  return async (input: object) => {
    const page = await application.searchUsers.execute(grace, input);
    return page.items.map(({ name }) => name);
  };
}

describe('SearchUsers', () => {
  it('lists all accounts by ascending id, those out of use too', async () => {
    const search = await people();
    expect(await search({})).toEqual(['Grace', 'Ada Lovelace', 'Äda', 'Adam', 'Mary']);
  });

  it.each([
    [{ search: 'ada' }, ['Ada Lovelace', 'Äda', 'Adam']],
    [{ search: '  ADA ' }, ['Ada Lovelace', 'Äda', 'Adam']],
    [{ search: 'ada l' }, ['Ada Lovelace']],
    [{ search: 'love ada' }, ['Ada Lovelace']],
    [{ search: 'äDA' }, ['Ada Lovelace', 'Äda', 'Adam']],
    [{ search: 'COUNTESS@' }, ['Ada Lovelace']],
    [{ search: 'lovelace' }, ['Ada Lovelace']],
    [{ search: 'velace' }, []],
    [{ search: '%' }, []],
    [{ search: 'c.m' }, []],
    [{ role: 'admin' }, ['Grace']],
    [{ role: 'user', isActive: true }, ['Ada Lovelace', 'Äda', 'Mary']],
    [{ isActive: false }, ['Adam']],
    [{ emailVerified: true }, ['Äda']],
    [{ externalId: 'legacy-1' }, ['Mary']],
    [{ externalId: 'legacy' }, []],
    [{ search: 'ada', isActive: true }, ['Ada Lovelace', 'Äda']],
    [{ search: 'ada', limit: 1 }, ['Ada Lovelace']],
    [{ search: 'ada', limit: 1, after: 2 }, ['Äda']],
  ])('finds by %o', async (input, names) => {
    const search = await people();
    expect(await search(input)).toEqual(names);
  });

  it('names the next page of what it found', async () => {
    const { application, admin, register } = scenario();
    const grace = await admin('Grace');
    for (const name of ['Ada', 'Bob', 'Adam']) await register(name);
    expect(await application.searchUsers.execute(grace, { search: 'ad', limit: 1 })).toMatchObject({ next: 2 });
    expect(await application.searchUsers.execute(grace, { search: 'ad', after: 2 })).not.toHaveProperty('next');
  });

  it.each([
    [{ search: '  ' }, { search: 'Must be at least 1 characters' }],
    [{ search: 'x'.repeat(255) }, { search: 'Must be at most 254 characters' }],
    [{ search: 'a\0' }, { search: 'Must be well-formed Unicode without NUL' }],
    [{ search: 'a\u202eb' }, { search: 'Must not contain control or direction characters' }],
    [{ search: ['ada'] }, { search: 'Must be a string' }],
    [{ role: 'root' }, { role: 'Must be one of "user" | "admin"' }],
    [{ isActive: 'true' }, { isActive: 'Must be true or false' }],
    [{ emailVerified: 1 }, { emailVerified: 'Must be true or false' }],
    [{ externalId: '' }, { externalId: 'Must be at least 1 characters' }],
    [
      { limit: 101, skip: -1 },
      { limit: 'Must be at most 100', skip: 'Must be at least 0' },
    ],
  ])('refuses %o', async (input, issues) => {
    const search = await people();
    expect(await issuesOf(search(input))).toEqual(issues);
  });
});
