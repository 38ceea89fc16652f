import { runInNewContext } from 'node:vm';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { codeOf, emailOf, issuesOf, password, profile as tutorialFields, scenario } from '../../test/scenario.ts';
import { anyone } from './caller.ts';
import { line, parse, wholeNumber } from './input.ts';
import { policyOf } from './policy.ts';
import type { JsonValue } from './json.ts';
import { changedFields, Profile, type ProfileField, type ProfileFields, sentFields } from './profile.ts';

const asynchronous = v.pipeAsync(
  v.string(),
  v.checkAsync(async () => false),
);

const text: ProfileField = { schema: line(0, 10), default: '' };

/** A field for each way to read and to write. */
const fields: ProfileFields = {
  own: text,
  staff: { ...text, read: ['admins'], write: ['admins'] },
  club: { ...text, read: ['self', 'members'], write: ['self', 'admins'] },
  open: { ...text, read: ['public'], write: ['self'] },
  fixed: { ...text, read: ['self', 'admins'], write: [] },
};
const all = { own: 'a', staff: 'b', club: 'c', open: 'd', fixed: 'e' };

/** A list in a list, so many levels in all. */
function nested(levels: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < levels; level += 1) value = [value];
  return value;
}

const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe('A profile', () => {
  it('has no fields unless the host defines some', () => {
    const profile = new Profile();
    expect(profile.view(all, ['self', 'admins', 'members', 'public'])).toEqual({});
    expect(parse(profile.newBy('self'), all)).toEqual({});
  });

  it.each([
    [['self'], { own: 'a', club: 'c', fixed: 'e' }],
    [['admins'], { staff: 'b', fixed: 'e' }],
    [['members'], { club: 'c' }],
    [['public'], { open: 'd' }],
    [['public', 'members', 'self', 'admins'], all],
    [[], {}],
  ] as const)('shows the readers %j the fields that are for them', (readers, shown) => {
    expect(new Profile(fields).view({ ...all, unknown: 'x' }, readers)).toStrictEqual(shown);
  });

  it('takes from each writer the fields that are for them, and ignores the others', () => {
    const profile = new Profile(fields);
    for (const schema of [profile.newBy('self'), profile.changesBy('self')]) {
      expect(parse(schema, { ...all, unknown: 'x' })).toStrictEqual({ own: 'a', club: 'c', open: 'd' });
    }
    for (const schema of [profile.newBy('admins'), profile.changesBy('admins')]) {
      expect(parse(schema, { ...all, unknown: 'x' })).toMatchObject({ staff: 'b', club: 'c' });
      expect(Object.keys(parse(schema, all)).toSorted()).toEqual(['club', 'staff']);
    }
  });

  it.each<[string, v.GenericSchema<unknown, JsonValue>, unknown]>([
    ['NUL', v.string(), 'a\0b'],
    ['an unpaired surrogate', v.string(), 'a\ud800'],
    ['NUL in a nested value', v.record(v.string(), v.array(v.string())), { a: ['b', 'c\0'] }],
    ['an unpaired surrogate in a name', v.record(v.string(), v.string()), { 'a\udc00': 'b' }],
    ['infinity', v.number(), Infinity],
    ['undefined in a list', v.any(), [undefined]],
    ['hole in a list', v.any(), Array(1)],
    ['bigint', v.any(), [1n]],
    ['symbol', v.any(), { a: Symbol('a') }],
    ['function', v.any(), { toJSON: () => 'a\0' }],
    ['date', v.any(), new Date(0)],
    ['map', v.any(), { a: new Map([[1, 2]]) }],
    ['pattern', v.any(), /x/],
    ['bytes', v.any(), Buffer.from('x')],
    ['instance of a class', v.any(), new URLSearchParams()],
    ['more than 32 levels', v.any(), nested(33)],
    ['million levels', v.any(), nested(1_000_000)],
    ['cycle', v.any(), cycle],
  ])('takes no %s, whatever the schema of the field accepts', (_, schema, value) => {
    const profile = new Profile({ free: { schema, default: null, write: ['self', 'admins'] } });
    for (const writer of ['self', 'admins'] as const) {
      for (const input of [profile.newBy(writer), profile.changesBy(writer)]) {
        expect(v.is(input, { free: value })).toBe(false);
      }
    }
  });

  it('takes any other JSON', () => {
    const schema = new Profile({ free: { schema: v.any(), default: null } }).changesBy('self');
    const foreign: unknown = runInNewContext('({ list: [1] })');
    for (const free of [0, -1.5e300, '', false, [null], { a: { b: [{}] } }, nested(32), foreign]) {
      expect(parse(schema, { free })).toEqual({ free });
    }
    expect(parse(schema, { free: { absent: undefined } })).toEqual({ free: {} });
  });

  it('asks the owner who registers for what is required, and no other writer', () => {
    const profile = new Profile(tutorialFields);
    expect(v.is(profile.newBy('self'), undefined)).toBe(false);
    expect(v.is(profile.newBy('self'), { age: null })).toBe(false);
    expect(parse(profile.newBy('self'), { age: 36 })).toMatchObject({ age: 36 });
    for (const schema of [profile.newBy('admins'), profile.changesBy('self'), profile.changesBy('admins')]) {
      for (const input of [undefined, {}, { age: null, city: null }]) {
        expect(sentFields(parse(schema, input))).not.toHaveProperty('age');
      }
    }
  });

  it('takes null for a field that was not sent', () => {
    const schema = new Profile(tutorialFields).changesBy('self');
    expect(sentFields(parse(schema, { age: null, city: null }))).toStrictEqual({});
    expect(parse(schema, { age: 0, city: '' })).toStrictEqual({ age: 0, city: '' });
  });

  it('reads a value that is missing, or that the schema refuses, as the default', () => {
    const profile = new Profile(tutorialFields);
    const names = ['age', 'city'];
    expect(profile.pick({}, names)).toStrictEqual({ age: null, city: 'Unknown' });
    expect(profile.pick({ age: 151, city: 7, other: 'x' }, names)).toStrictEqual({ age: null, city: 'Unknown' });
    expect(profile.pick({ age: 150, city: '' }, names)).toStrictEqual({ age: 150, city: '' });
    expect(profile.pick({ age: 36, city: 'Bath' }, ['city', 'unknown'])).toStrictEqual({ city: 'Bath' });
  });

  it('reads no value that a document inherits', () => {
    const document = Object.create({ city: 'Bath' }) as Record<string, JsonValue>;
    expect(new Profile(tutorialFields).pick(document, ['city'])).toEqual({ city: 'Unknown' });
  });

  it.each<[string, ProfileFields, string]>([
    ['without a default', { age: { schema: wholeNumber(0, 150) } as never }, '"age" has no default'],
    ['whose default its schema refuses', { city: { ...text, default: 'x'.repeat(11) } }, '"city" has a default that'],
    [
      'whose default is no JSON',
      { city: { schema: v.any(), default: new Date() as never } },
      '"city" has a default that',
    ],
    [
      'whose schema is asynchronous',
      { city: { schema: asynchronous as never, default: '' } },
      '"city" has an asynchronous schema',
    ],
    [
      'whose schema is asynchronous in part',
      { city: { schema: v.array(v.nullable(asynchronous as never)), default: [] } },
      '"city" has an asynchronous schema',
    ],
    ['with the name of a fixed field', { email: text }, '"email" has a name that every account uses'],
    ['with the name of a credential', { password: text }, '"password" has a name that every account uses'],
    ['with a name that every object has', { constructor: text }, '"constructor" has a name that'],
    ['with a name in snake_case', { home_town: text }, '"home_town" is not in camelCase'],
    ['with a capital name', { City: text }, '"City" is not in camelCase'],
    ['without a name', { '': text }, '"" is not in camelCase'],
    ['with a long name', { ['x'.repeat(64)]: text }, 'is not in camelCase'],
  ])('is refused with a field %s', (_, unusable, reason) => {
    expect(() => new Profile(unusable)).toThrow(reason);
    expect(() => policyOf({ profile: unusable })).toThrow(reason);
  });
});

describe('The fields of a profile that changed', () => {
  const document = { age: 36, tags: ['a', 'b'], nested: { a: 1, b: [{ c: null }] }, none: null };

  it.each<[Record<string, JsonValue>]>([
    [{}],
    [{ age: 36 }],
    [{ tags: ['a', 'b'] }],
    [{ nested: { b: [{ c: null }], a: 1 } }],
    [{ none: null }],
  ])('are none for %j', (sent) => {
    expect(changedFields(document, sent)).toEqual({});
  });

  it.each<[Record<string, JsonValue>]>([
    [{ age: '36' }],
    [{ tags: ['b', 'a'] }],
    [{ tags: ['a'] }],
    [{ tags: { 0: 'a', 1: 'b' } }],
    [{ nested: { a: 1, b: [{ c: 0 }] } }],
    [{ nested: { a: 1, d: [{ c: null }] } }],
    [{ none: {} }],
    [{ added: false }],
  ])('are those of %j', (sent) => {
    expect(changedFields(document, { ...document, ...sent })).toEqual(sent);
  });
});

describe('The values of a profile', () => {
  it('have the types of their schemas, and of the defaults', async () => {
    const typed = new Profile({
      company: { schema: v.string(), default: null },
      seats: { schema: v.number(), default: 1 },
      notes: { schema: v.string(), default: '', read: ['admins'] },
    });
    const { application, register } = scenario({ profile: typed, author: [] });
    const { company, seats, notes } = typed.valuesOf(await register('Ada', { profile: { company: 'Engines' } }));
    expectTypeOf(company).toEqualTypeOf<string | null | undefined>();
    expectTypeOf(seats).toEqualTypeOf<number | undefined>();
    expect([company, seats, notes]).toEqual(['Engines', 1, undefined]);
    expect(application.policy.profile).toBe(typed);
  });
});

describe('The profile of an account', () => {
  /** Grace the admin, Ada and Bob, whose accounts have a field for each reader. */
  async function people() {
    const story = scenario({ profile: fields, author: [] });
    const [grace, ada, bob] = [await story.admin('Grace'), await story.member('Ada'), await story.member('Bob')];
    const { id } = ada.user;
    await story.ports.unitOfWork.run(({ users }) => users.update(id, { profile: all }));
    return { ...story, grace, ada, bob, id };
  }

  it('is shown to its owner, to members and to admins as each field declares', async () => {
    const { application, grace, ada, bob, id } = await people();
    const seenBy = {
      owner: (await application.getProfile.execute(ada)).profile,
      ownerById: (await application.getUser.execute(ada, { id })).profile,
      member: (await application.getUser.execute(bob, { id })).profile,
      memberInList: (await application.listUsers.execute(bob)).items.find((user) => user.id === id)?.profile,
      admin: (await application.getAnyUser.execute(grace, { id })).profile,
      adminInList: (await application.searchUsers.execute(grace)).items.find((user) => user.id === id)?.profile,
    };
    const [own, club] = [
      { own: 'a', club: 'c', open: 'd', fixed: 'e' },
      { club: 'c', open: 'd' },
    ];
    const staff = { staff: 'b', club: 'c', open: 'd', fixed: 'e' };
    expect(seenBy).toStrictEqual({
      owner: own,
      ownerById: own,
      member: club,
      memberInList: club,
      admin: staff,
      adminInList: staff,
    });
  });

  it('shows an admin who owns it every field', async () => {
    const { application, grace } = await people();
    const own = await application.getProfile.execute(grace);
    const found = await application.getAnyUser.execute(grace, { id: grace.user.id });
    expect(Object.keys(found.profile)).toEqual(Object.keys(fields));
    expect(Object.keys(own.profile)).toEqual(['own', 'club', 'open', 'fixed']);
  });

  it('keeps the fields that its owner may not write', async () => {
    const { application, ada, ports, id } = await people();
    const sent = Object.fromEntries(Object.keys(all).map((name) => [name, 'changed']));
    await application.updateProfile.execute(ada, { profile: sent });
    const stored = await ports.users.findById(id);
    expect(stored?.profile).toEqual({ ...all, own: 'changed', club: 'changed', open: 'changed' });
  });

  it('gets the default of a field that was defined after the account was created', async () => {
    const before = scenario({ profile: {}, author: [] });
    await before.register('Ada');
    const after = scenario();
    const stored = await before.ports.users.findById(1);
    expect(stored?.profile).toEqual({});
    await after.ports.unitOfWork.run(({ users }) => users.append({ ...stored!, email: emailOf('Ada') as never }));
    const [user] = (await after.application.searchUsers.execute(await after.admin('Grace'))).items;
    expect(user?.profile).toEqual({ age: null, city: 'Unknown' });
  });

  it('is not asked for where the host defines none, and takes nothing', async () => {
    const { application } = scenario({ profile: {}, author: [] });
    const ada = { name: 'Ada', email: emailOf('Ada'), password };
    expect(await application.register.execute(anyone, { ...ada, profile: { age: 36 } })).toMatchObject({ profile: {} });
    expect(await issuesOf(application.register.execute(anyone, { ...ada, profile: 'x' as never }))).toHaveProperty(
      'profile',
    );
    expect(await codeOf(application.register.execute(anyone, ada))).toBe('email_taken');
  });
});
