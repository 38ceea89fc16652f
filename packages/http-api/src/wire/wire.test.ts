import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { inputReader } from './input.ts';
import { toPointer, toWireName } from './names.ts';
import { outputWriter } from './output.ts';

const Input = v.object({
  id: v.number(),
  isActive: v.optional(v.boolean()),
  age: v.nullish(v.number()),
  name: v.optional(v.string()),
});
const readInput = inputReader(Input);
const request = { path: {}, query: {}, body: undefined };

describe('a name on the wire', () => {
  it.each([
    ['id', 'id'],
    ['isActive', 'is_active'],
    ['currentPasswordHash', 'current_password_hash'],
  ])('of %s is %s', (name, wireName) => {
    expect(toWireName(name)).toBe(wireName);
  });

  it('stands in a pointer, escaped', () => {
    expect(toPointer({ path: [], message: '' })).toBe('');
    expect(toPointer({ path: ['newPassword'], message: '' })).toBe('/new_password');
    expect(toPointer({ path: ['items', 0, 'a/b~c'], message: '' })).toBe('/items/0/a~1b~0c');
  });
});

describe('an input from the wire', () => {
  it('has what the path names from the path alone', () => {
    expect(readInput({ path: { id: '1' }, query: { id: '2' }, body: { id: 3 } })).toEqual({ id: 1 });
    expect(readInput({ path: { id: '1' }, query: { id: '2' }, body: undefined })).toEqual({ id: 1 });
  });

  it('has the rest from the body where there is one, and from the query where there is none', () => {
    expect(readInput({ path: {}, query: { name: 'query' }, body: { name: 'body' } })).toEqual({ name: 'body' });
    expect(readInput({ path: {}, query: { name: 'query' }, body: {} })).toEqual({});
    expect(readInput({ path: {}, query: { name: 'query' }, body: undefined })).toEqual({ name: 'query' });
  });

  it('has the names of the core, and no field by another name', () => {
    expect(readInput({ ...request, body: { is_active: true, isActive: false, role: 'admin' } })).toEqual({
      isActive: true,
    });
    expect(readInput({ ...request, body: { isActive: true } })).toEqual({});
  });

  it('has nothing that is inherited', () => {
    const Strange = v.object({ toString: v.optional(v.string()), constructor: v.optional(v.string()) });
    expect(Object.keys(inputReader(Strange)({ ...request, body: {} }))).toEqual([]);
    expect(Object.keys(inputReader(Strange)({ path: {}, query: { constructor: 'x' }, body: undefined }))).toEqual([
      'constructor',
    ]);
  });

  it('is left as it came in a body', () => {
    for (const id of ['1', true, null, [1], { a: 1 }, 1.5]) {
      expect(readInput({ ...request, body: { id } })).toEqual({ id });
    }
  });

  it.each(['0', '1', '10', '999999999999999'])('has the number %s from text', (text) => {
    expect(readInput({ ...request, query: { id: text, age: text } })).toEqual({
      id: Number(text),
      age: Number(text),
    });
  });

  it.each(['', ' 1', '1 ', '+1', '-1', '-0', '01', '1.0', '1e3', '0x1', '1_0', '١', '１', '1000000000000000', 'NaN'])(
    'leaves the text %j, which is no number',
    (text) => {
      expect(readInput({ ...request, query: { id: text } })).toEqual({ id: text });
    },
  );

  it('has true and false from text, and no other word for them', () => {
    const isActive = (text: unknown) => readInput({ ...request, query: { is_active: text } })['isActive'];
    expect([isActive('true'), isActive('false')]).toEqual([true, false]);
    for (const text of ['', 'True', 'FALSE', '1', '0', 'yes', ' true']) expect(isActive(text)).toBe(text);
  });

  it.each(['id', 'is_active', 'age', 'name'])('is refused with a parameter %s that is given twice', (name) => {
    const issues = [{ path: [name === 'is_active' ? 'isActive' : name], message: 'Must be given once' }];
    const read = () => readInput({ ...request, query: { id: '1', [name]: ['1', '1'] } });
    expect(read).toThrow(expect.objectContaining({ code: 'validation_failed', issues }));
  });

  it('leaves text where text is asked for', () => {
    expect(readInput({ ...request, query: { name: '1' } })).toEqual({ name: '1' });
  });
});

describe('a view on the wire', () => {
  const View = v.object({
    userId: v.number(),
    createdAt: v.date(),
    nestedViews: v.array(v.object({ isGood: v.boolean() })),
    lastSeen: v.optional(v.date()),
  });
  const writeView = outputWriter(View);
  const view = { userId: 1, createdAt: new Date(0), nestedViews: [{ isGood: true, passwordHash: 'x' }] };

  it('has the names of the wire, and dates in ISO 8601', () => {
    expect(writeView({ ...view, lastSeen: new Date(1) })).toEqual({
      user_id: 1,
      created_at: '1970-01-01T00:00:00.000Z',
      nested_views: [{ is_good: true }],
      last_seen: '1970-01-01T00:00:00.001Z',
    });
  });

  it('has the names of the wire in a record, too', () => {
    const Record = v.record(v.string(), v.number());
    expect(outputWriter(v.object({ detail: Record }))({ detail: { sessionsEnded: 2 } })).toEqual({
      detail: { sessions_ended: 2 },
    });
  });

  it('has no field that its schema does not name', () => {
    expect(JSON.stringify(writeView({ ...view, passwordHash: 'x' }))).not.toContain('ash');
  });

  it('leaves out what is not there', () => {
    expect(JSON.stringify(writeView(view))).not.toContain('last_seen');
    expect(outputWriter(v.nullish(v.date()))(undefined)).toBeUndefined();
    expect(outputWriter(v.nullish(v.date()))(null)).toBeNull();
  });
});

describe('a view of a module', () => {
  const secret = { kind: 'a', someThing: 'shown', passwordHash: 'SECRET' };

  it.each([
    ['object', v.object({ someThing: v.string() })],
    ['strict_object', v.strictObject({ someThing: v.string() })],
    ['loose_object', v.looseObject({ someThing: v.string() })],
  ])('is written with the fields that its %s names, and no others', (_, schema) => {
    expect(outputWriter(schema)(secret)).toEqual({ some_thing: 'shown' });
  });

  it.each([
    ['variant', v.variant('kind', [v.object({ kind: v.literal('a') })])],
    ['union', v.union([v.object({ kind: v.literal('a') })])],
    ['intersect', v.intersect([v.object({ kind: v.literal('a') })])],
    ['unknown', v.unknown()],
  ])('cannot be a %s, which does not name its fields', (type, schema) => {
    expect(() => outputWriter(v.object({ nested: schema }))).toThrow(`a schema of the type ${type}`);
  });
});

describe('an input with nested objects', () => {
  const read = inputReader(
    v.object({
      shipTo: v.object({ postCode: v.string() }),
      orderLines: v.array(v.object({ unitPrice: v.number() })),
    }),
  );
  const from = (body: object) => read({ path: {}, query: {}, body });

  it('has the names of the wire at every depth', () => {
    const body = { ship_to: { post_code: '1' }, order_lines: [{ unit_price: 2 }] };
    expect(from(body)).toEqual({ shipTo: { postCode: '1' }, orderLines: [{ unitPrice: 2 }] });
    expect(from({ ship_to: { postCode: '1' } })).toEqual({ shipTo: {} });
  });

  it('leaves what is no object to the schema', () => {
    const body = { ship_to: [1], order_lines: { unit_price: 2 } };
    expect(from(body)).toEqual({ shipTo: [1], orderLines: { unit_price: 2 } });
    expect(from({ ship_to: null, order_lines: [3, null] })).toEqual({ shipTo: null, orderLines: [3, null] });
  });
});
