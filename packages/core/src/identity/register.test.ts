import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

describe('Register', () => {
  it('makes an account with the role of a user', async () => {
    const { application, clock } = scenario();
    const input = {
      name: ' Ada Lovelace ',
      email: ' Ada@Example.com ',
      password,
      profile: { age: 36, city: ' London ' },
    };
    expect(await application.register.execute(anyone, input)).toStrictEqual({
      id: 1,
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      profile: { age: 36, city: 'London' },
      role: 'user',
      isActive: true,
      emailVerified: false,
      createdAt: clock.now(),
    });
  });

  it('stores a hash that the hasher made of the password', async () => {
    const { register, ports } = scenario();
    const { id } = await register('Ada');
    const stored = await ports.users.findCredentials({ id });
    expect(stored?.passwordHash).not.toBe(password);
    expect(await ports.hasher.verify(password, stored?.passwordHash)).toBe(true);
  });

  it.each([
    [{}, 'Unknown'],
    [{ city: undefined }, 'Unknown'],
    [{ city: null }, 'Unknown'],
    [{ city: '' }, ''],
    [{ city: 'x'.repeat(50) }, 'x'.repeat(50)],
  ])('with %o lives in %j', async (fields, city) => {
    const profile = { age: 36, ...fields };
    expect(await scenario().register('Ada', { profile })).toMatchObject({ profile: { age: 36, city } });
  });

  it.each([
    { name: 'Al' },
    { name: '😀😀' },
    { name: '😀'.repeat(50) },
    { profile: { age: 0 } },
    { profile: { age: 150 } },
    { name: '"><img src=x>' },
  ])('accepts %o', async (fields) => {
    expect(await scenario().register('Ada', fields)).toMatchObject(fields);
  });

  it.each([
    [{ name: ' A ' }, { name: 'Must be at least 2 characters' }],
    [{ name: '😀' }, { name: 'Must be at least 2 characters' }],
    [{ name: '😀'.repeat(51) }, { name: 'Must be at most 50 characters' }],
    [{ name: 'Ada\nKing' }, { name: 'Must not contain control or direction characters' }],
    [{ name: 'Ada\u202egniK' }, { name: 'Must not contain control or direction characters' }],
    [{ name: '\u3164\u200b' }, { name: 'Must contain a visible character' }],
    [{ name: 'Ada\u206a' }, { name: 'Must not contain deprecated format characters or noncharacters' }],
    [{ name: 'Ada\0' }, { name: 'Must be well-formed Unicode without NUL' }],
    [{ profile: { age: 36, city: 'x'.repeat(51) } }, { 'profile.city': 'Must be at most 50 characters' }],
    [{ profile: { age: 36, city: '\ud800' } }, { 'profile.city': 'Must be well-formed Unicode without NUL' }],
    [{ profile: { age: -1 } }, { 'profile.age': 'Must be at least 0' }],
    [{ profile: { age: 151 } }, { 'profile.age': 'Must be at most 150' }],
    [{ profile: { age: 36.5 } }, { 'profile.age': 'Must be a whole number' }],
    [{ profile: { age: '36' } }, { 'profile.age': 'Must be a number' }],
    [{ profile: { age: null } }, { 'profile.age': 'Must be a number' }],
    [{ profile: { city: 'London' } }, { 'profile.age': 'Field required' }],
    [{ profile: undefined }, { 'profile.age': 'Field required' }],
    [{ profile: null }, { profile: 'Must be an object' }],
    [{ email: 'ada' }, { email: 'Must be an e-mail address' }],
    [{ email: ['ada@example.com'] }, { email: 'Must be a string' }],
    [{ password: undefined }, { password: 'Field required' }],
  ])('refuses %o', async (fields, issues) => {
    expect(await issuesOf(scenario().register('Ada', fields))).toEqual(issues);
  });

  it('names all that is missing', async () => {
    const answer = scenario().application.register.execute(anyone, {} as never);
    expect(await issuesOf(answer)).toEqual({
      name: 'Field required',
      email: 'Field required',
      password: 'Field required',
      'profile.age': 'Field required',
    });
  });

  it('pays no heed to fields that are not for the caller to set', async () => {
    const { register, ports } = scenario();
    const plain = await register('Bob');
    const privileges = {
      id: 99,
      role: 'admin',
      isActive: false,
      is_active: false,
      emailVerified: true,
      email_verified: true,
      createdAt: new Date(0),
      passwordHash: 'plain:0:known',
      externalId: 'legacy-1',
      securityVersion: 7,
      age: 7,
      profile: { age: 36, role: 'admin', isActive: false, unknown: 'x' },
      user: { role: 'admin' },
      '__proto__.role': 'admin',
    };
    const { name: _, email: __, ...rest } = plain;
    const eve = { ...rest, id: 2, name: 'Eve', email: emailOf('Eve') };
    expect(await register('Eve', privileges)).toStrictEqual(eve);
    expect(await ports.users.findById(2)).toStrictEqual(eve);
  });

  it('does not take its privileges from who calls', async () => {
    const { application, admin } = scenario();
    const grace = await admin('Grace');
    const input = { name: 'Ada', email: emailOf('Ada'), password, profile: { age: 36 } };
    expect(await application.register.execute(grace, input)).toMatchObject({ role: 'user', emailVerified: false });
  });

  it('refuses an address that is registered, however it is spelt', async () => {
    const { register } = scenario();
    await register('Ada');
    for (const email of ['ada@example.com', ' ADA@EXAMPLE.COM ', 'Ada@Example.com\n']) {
      expect(await codeOf(register('Eve', { email }))).toBe('email_taken');
    }
  });

  it('gives an address to one of twenty who ask for it at once', async () => {
    const { register, ports } = scenario();
    const spellings = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'ADA@example.com' : ' ada@Example.com'));
    const answers = await Promise.allSettled(spellings.map((email) => register('Ada', { email })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await ports.users.list({}, { skip: 0, limit: 100 })).toHaveLength(1);
  });

  it('hashes outside the transaction', async () => {
    const { register, ports } = scenario();
    const order: string[] = [];
    const { hash } = ports.hasher;
    vi.spyOn(ports.hasher, 'hash').mockImplementation(async (text) => {
      const made = await hash.call(ports.hasher, text);
      order.push('hash');
      return made;
    });
    const { run } = ports.unitOfWork;
    vi.spyOn(ports.unitOfWork, 'run').mockImplementation((work) => {
      order.push('transaction');
      return run.call(ports.unitOfWork, work);
    });
    await register('Ada');
    expect(order).toEqual(['hash', 'transaction']);
  });
});
