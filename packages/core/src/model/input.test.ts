import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { profile } from '../../test/scenario.ts';
import { useCases } from '../application.ts';
import { inputOf } from '../use-case.ts';
import { isSallyportError, type SallyportError } from './errors.ts';
import { foldCase, Id, isAsynchronous, line, parse, prose, Text, wholeNumber } from './input.ts';
import { policyOf } from './policy.ts';

/** The error with which a schema refuses an input. */
function refused(schema: v.GenericSchema, input: unknown): SallyportError {
  try {
    parse(schema, input);
  } catch (error) {
    if (isSallyportError(error)) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

const wordsFor = (schema: v.GenericSchema, input: unknown) => refused(schema, input).issues.map((it) => it.message);

const notStorable = ['Must be well-formed Unicode without NUL'];
const forged = ['Must not contain control or direction characters'];

describe('parse', () => {
  const schema = v.object({ name: line(2, 50), age: wholeNumber(0, 150) });

  it('returns what the schema makes of the input', () => {
    expect(parse(schema, { name: ' Ada ', age: 36 })).toEqual({ name: 'Ada', age: 36 });
  });

  it('leaves out unknown fields', () => {
    const input: unknown = JSON.parse('{"name":"Ada","age":36,"role":"admin","__proto__":{"role":"admin"}}');
    const output = parse(schema, input);
    expect(Object.keys(output)).toEqual(['name', 'age']);
    expect('role' in output).toBe(false);
  });

  it('names every field that is wrong, once', () => {
    const error = refused(schema, { name: '\0', age: -1.5 });
    expect(error.code).toBe('validation_failed');
    expect(error.issues).toEqual([
      { path: ['name'], message: 'Must be well-formed Unicode without NUL' },
      { path: ['age'], message: 'Must be a whole number' },
    ]);
  });

  it('says where in a nested input something is wrong', () => {
    const nested = v.object({ authors: v.array(schema) });
    expect(refused(nested, { authors: [{ name: 'Ada', age: 36 }, { name: 'Ada' }] }).issues).toEqual([
      { path: ['authors', 1, 'age'], message: 'Field required' },
    ]);
  });

  it.each([undefined, {}, { name: undefined, age: undefined }])('asks for the fields that %o lacks', (input) => {
    expect(new Set(wordsFor(schema, input))).toEqual(new Set(['Field required']));
  });

  it.each([
    ['a null', null],
    ['a string', 'name=Ada'],
    ['a number', 7],
    ['a boolean', true],
  ])('takes %s for no object', (_, input) => {
    expect(refused(schema, input).issues).toEqual([{ path: [], message: 'Must be an object' }]);
  });

  it.each([
    ['a string', v.string(), 7, 'Must be a string'],
    ['a string', v.string(), ['Ada'], 'Must be a string'],
    ['a string', v.string(), { toString: () => 'Ada' }, 'Must be a string'],
    ['a number', v.number(), '7', 'Must be a number'],
    ['a number', v.number(), Number.NaN, 'Must be a number'],
    ['a boolean', v.boolean(), 'true', 'Must be true or false'],
    ['a known word', v.picklist(['user', 'admin']), 'root', 'Must be one of "user" | "admin"'],
    ['something rarer', v.date(), '2026-01-01', 'Is not valid'],
  ])('says in our own words that it wants %s', (_, rule, input, words) => {
    expect(wordsFor(v.object({ field: rule }), { field: input })).toEqual([words]);
  });
});

describe('An input', () => {
  const optional = v.object({ name: v.optional(v.string()) });
  const thrown = () => {
    throw new TypeError('hunter2');
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  class Form {
    get name(): string {
      return thrown();
    }
  }
  const unreadable: [string, object][] = [
    [
      'a getter that throws',
      {
        get name() {
          return thrown();
        },
      },
    ],
    ['a revoked proxy', revoked],
    ['a trap for its names that throws', new Proxy({}, { ownKeys: thrown })],
    ['a trap for its prototype that throws', new Proxy({}, { getPrototypeOf: thrown })],
    ['a trap for its values that throws', new Proxy({ name: 'Ada' }, { get: thrown })],
  ];
  const unreadableForms: [string, object][] = [
    ['a form whose getter throws', new Form()],
    ['a form whose trap throws', new Proxy(new Form(), { get: thrown })],
  ];

  it.each([...unreadable, ...unreadableForms])('is refused if it is %s', (_, input) => {
    const { code, message } = refused(optional, input);
    expect([code, message]).toEqual(['validation_failed', 'Must be readable, with at most 64 levels']);
  });

  it.each(unreadable)('is refused if it holds %s', (_, value) => {
    const anything = v.object({ name: v.any() });
    expect(wordsFor(anything, { name: [value] })).toEqual(['Must be readable, with at most 64 levels']);
  });

  it('is not blamed for a schema that fails', () => {
    const broken = v.object({ name: v.pipe(v.string(), v.check(thrown)) });
    expect(() => parse(broken, { name: 'Ada' })).toThrow(TypeError);
  });

  it('has at most 64 levels, whatever its schema makes of them', () => {
    const list: v.GenericSchema = v.array(v.lazy(() => list));
    const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)]);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const schema of [list, v.any()]) {
      expect(parse(schema, nested(64))).toEqual(nested(64));
      for (const input of [nested(65), nested(5_000), cycle]) {
        expect(wordsFor(schema, input)).toEqual(['Must be readable, with at most 64 levels']);
      }
    }
  });

  const exotic = [
    [],
    ['Ada'],
    new Date(),
    new Map(),
    new Set(),
    /x/,
    Promise.resolve(),
    Object(1),
    Buffer.from('x'),
  ].map((value: unknown) => [value] as const);

  it.each(exotic)('is no object if it is %o', (value) => {
    const inList = v.object({ list: v.array(optional) });
    const inPipe = v.object({
      field: v.optional(
        v.pipe(
          optional,
          v.check(() => true),
        ),
      ),
    });
    const inRecord = v.record(v.string(), v.optional(optional, {}));
    expect(refused(optional, value).issues).toEqual([{ path: [], message: 'Must be an object' }]);
    expect(refused(v.record(v.string(), v.any()), value).issues).toEqual([{ path: [], message: 'Must be an object' }]);
    expect(refused(inList, { list: [{}, value] }).issues).toEqual([
      { path: ['list', 1], message: 'Must be an object' },
    ]);
    expect(refused(inPipe, { field: value }).issues).toEqual([{ path: ['field'], message: 'Must be an object' }]);
    expect(refused(inRecord, { a: {}, b: value }).issues).toEqual([{ path: ['b'], message: 'Must be an object' }]);
  });

  it('may be an instance of a class, and may inherit its fields', () => {
    class Named {
      readonly name = 'Ada';
    }
    const bare: unknown = Object.assign(Object.create(null) as object, { name: 'Ada' });
    for (const input of [new Named(), Object.create({ name: 'Ada' }), bare]) {
      expect(parse(optional, input)).toEqual({ name: 'Ada' });
    }
    const named = new Named();
    expect(parse(v.object({ named: v.instance(Named) }), { named }).named).toBe(named);
  });

  it('belongs to the use case: what the caller changes later has no effect', () => {
    const input = { anything: { list: [1] } };
    const output = parse(v.object({ anything: v.any() }), input);
    input.anything.list.push(2);
    expect(output).toEqual({ anything: { list: [1] } });
  });
});

describe('An asynchronous schema', () => {
  function isAccepted(schema: v.GenericSchema, input: unknown): boolean {
    try {
      parse(schema, input);
      return true;
    } catch {
      return false;
    }
  }

  const late = v.pipeAsync(
    v.string(),
    v.checkAsync(async () => false),
  ) as never;
  const parts: [string, v.GenericSchema][] = [
    ['itself', late],
    ['an object', v.objectAsync({ field: v.string() }) as never],
    ['a field', v.object({ field: late })],
    ['an optional field', v.object({ field: v.optional(late) })],
    ['a list', v.array(late)],
    ['a pipe', v.pipe(v.string(), v.checkAsync(async () => false) as never)],
    ['a rest', v.objectWithRest({}, late)],
    ['a union', v.union([v.number(), late])],
    ['a variant', v.variant('type', [v.object({ type: v.literal('a'), field: late })])],
    ['an intersection', v.intersect([v.object({}), v.object({ field: late })])],
    ['a tuple', v.tuple([late])],
    ['a record', v.record(v.string(), late)],
    ['a fallback', v.object({ field: v.fallback(late, 'x' as never) })],
  ];

  it.each(parts)('is recognised in %s', (_, schema) => {
    expect(isAsynchronous(schema)).toBe(true);
  });

  it.each(parts)('accepts no input in %s', (_, schema) => {
    const hidden = v.lazy(() => schema);
    const inputs = ['text', { type: 'a', field: 'text' }, ...(schema.type === 'object' ? [] : [['text']])];
    for (const input of inputs) {
      expect([isAccepted(schema, input), isAccepted(hidden, input)]).toEqual([false, false]);
    }
  });

  it('is not seen in schemas that are none, or in their defaults and metadata', () => {
    const list: v.GenericSchema = v.array(v.lazy(() => list));
    const odd = v.pipe(v.optional(v.any(), { async: true, self: list }), v.metadata({ async: true }));
    for (const schema of [list, odd, ...Object.values(useCases).map((one) => inputOf(one, policyOf({ profile })))]) {
      expect(isAsynchronous(schema)).toBe(false);
    }
  });
});

describe('An error', () => {
  const secret = 'hunter2-secret';
  const no = () => false;
  const rules: [string, v.GenericSchema<string, unknown>][] = [
    ['check', v.pipe(v.string(), v.check(no))],
    ['regex', v.pipe(v.string(), v.regex(/^x/))],
    ['email', v.pipe(v.string(), v.email())],
    ['startsWith', v.pipe(v.string(), v.startsWith('x'))],
    ['excludes', v.pipe(v.string(), v.excludes(secret.slice(0, 3)))],
    ['length', v.pipe(v.string(), v.length(1))],
    ['value', v.pipe(v.string(), v.value('x'))],
    [
      'rawCheck',
      v.pipe(
        v.string(),
        v.rawCheck(({ addIssue }) => addIssue()),
      ),
    ],
    [
      'rawTransform',
      v.pipe(
        v.string(),
        v.rawTransform(({ addIssue, NEVER }) => (addIssue(), NEVER)),
      ),
    ],
    ['toNumber', v.pipe(v.string(), v.toNumber())],
    ['toDate', v.pipe(v.string(), v.toDate())],
    ['parseJson', v.pipe(v.string(), v.parseJson())],
    ['custom', v.custom<string>(no)],
    ['literal', v.literal('x')],
    ['picklist', v.picklist(['x'])],
    ['union', v.union([v.literal('x'), v.pipe(v.string(), v.check(no))])],
    ['never', v.never()],
  ];
  const schemas = [
    ...rules.map(([name, rule]) => [name, v.object({ field: rule }), { field: secret }] as const),
    ['checkItems', v.object({ field: v.pipe(v.array(v.string()), v.checkItems(no)) }), { field: [secret] }],
    ['partialCheck', v.pipe(v.object({ field: v.string() }), v.partialCheck([['field']], no)), { field: secret }],
    ['forward', v.pipe(v.object({ field: v.string() }), v.forward(v.check(no), ['field'])), { field: secret }],
    ['strictObject', v.strictObject({ field: v.optional(v.never()) }), { field: secret }],
    ['map', v.map(v.pipe(v.symbol(), v.check(no)), v.any()), new Map([[Symbol(secret), secret]])],
  ] as const;

  afterEach(() => {
    v.deleteSpecificMessage(v.check);
    v.deleteSchemaMessage();
    v.deleteGlobalMessage();
    v.deleteGlobalConfig();
  });

  it.each(schemas)('contains no value that %s refuses without a message of its own', (_, schema, input) => {
    const errorOf = () => {
      const { issues, message, stack } = refused(schema, input);
      return JSON.stringify([issues, message, stack]);
    };
    const received = ({ received: value }: v.BaseIssue<unknown>) => `Erhalten: ${value}`;
    expect(errorOf()).not.toContain(secret);
    for (const lang of [undefined, 'de']) {
      v.setSpecificMessage(v.check, received, lang);
      v.setSchemaMessage(received, lang);
      v.setGlobalMessage(received, lang);
      v.setGlobalConfig({ lang });
      expect(errorOf()).not.toContain(secret);
    }
  });

  it('has the message of a check', () => {
    const schema = v.object({ field: v.pipe(v.string(), v.check(no, 'Must be known here')) });
    expect(wordsFor(schema, { field: secret })).toEqual(['Must be known here']);
  });
});

describe('Every input', () => {
  const secret = 'hunter2-';
  const hostile: readonly unknown[] = [
    secret,
    secret.repeat(20_000),
    `${secret}\0`,
    `${secret}\ud800`,
    `${secret}\u202e`,
    [secret],
    { [secret]: secret },
    { toString: () => secret },
    -424_242.5,
    424_242_424_242_424_242,
  ];
  const policy = policyOf({ profile });
  const schemas = Object.entries(useCases).flatMap(([name, useCase]) =>
    'input' in useCase ? [[name, inputOf(useCase, policy)] as const] : [],
  );

  it('is read by a schema of its use case', () => {
    expect(schemas.length).toBeGreaterThan(15);
  });

  it.each(schemas)('of %s is never echoed by an error', (_, schema) => {
    const fields = Object.keys(schema.entries);
    const fill = (names: readonly string[], value: unknown) => Object.fromEntries(names.map((name) => [name, value]));
    const inputs = [
      secret,
      ...hostile.map((value) => fill(fields, value)),
      ...hostile.map((value) => ({ ...fill(fields, value), profile: fill(Object.keys(profile), value) })),
    ];
    for (const input of inputs) {
      const result = v.safeParse(schema, input);
      if (result.success) continue;
      const { issues, message, stack } = refused(schema, input);
      expect(issues.length).toBeGreaterThan(0);
      expect(JSON.stringify([issues, message, stack])).not.toMatch(/hunter2|424.?242/);
    }
  });
});

describe('Text', () => {
  it('stands as it was typed', () => {
    expect(parse(Text, ' e\u0301 \r\n😀 ')).toBe(' e\u0301 \r\n😀 ');
  });

  it.each(['\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800'])('is refused where it cannot be stored', (text) => {
    expect(wordsFor(Text, text)).toEqual(notStorable);
  });
});

describe('A line', () => {
  const schema = line(2, 4);

  it.each(['ab', 'abcd', '😀😀', '😀😀😀😀', '  ab  ', '\u00a0abcd\r\n'])('accepts %j', (text) => {
    expect(parse(schema, text)).toBe(text.trim());
  });

  it.each(['', 'a', '😀', '  a  ', '    '])('refuses %j as too short', (text) => {
    expect(wordsFor(schema, text)).toEqual(['Must be at least 2 characters']);
  });

  it.each(['abcde', '😀😀😀😀😀', 'a   b'])('refuses %j as too long', (text) => {
    expect(wordsFor(schema, text)).toEqual(['Must be at most 4 characters']);
  });

  it('may be empty where no character is asked for', () => {
    expect(parse(line(0, 50), '  ')).toBe('');
  });

  it.each(['\n', '\r', '\t', '\u001b', '\u007f', '\u0085', '\u009b'])('refuses the control %j', (control) => {
    expect(wordsFor(schema, `a${control}b`)).toEqual(forged);
  });

  it.each([...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'])(
    'refuses %j, which turns a sentence round',
    (direction) => {
      expect(wordsFor(schema, `a${direction}b`)).toEqual(forged);
      expect(wordsFor(schema, `${direction}ab`)).toEqual(forged);
    },
  );

  it.each(['\u2028', '\u2029'])('refuses the line break %j', (lineBreak) => {
    expect(wordsFor(schema, `a${lineBreak}b`)).toEqual(forged);
  });

  it.each(['a\0b', 'ab\ud800', '\0ab'])('refuses %j, which cannot be stored', (text) => {
    expect(wordsFor(schema, text)).toEqual(notStorable);
  });

  it('has one spelling, whose characters are counted', () => {
    expect(parse(schema, ' Zoe\u0308 ')).toBe('Zoë');
    expect(parse(schema, 'e\u0301'.repeat(4))).toBe('éééé');
    expect(wordsFor(schema, 'e\u0301')).toEqual(['Must be at least 2 characters']);
  });

  it('keeps scripts, joined emoji and markup as they are', () => {
    for (const text of ['عمر', 'José', '👩‍👩‍👧', '"><i>']) expect(parse(line(1, 50), text)).toBe(text);
  });
});

describe('Prose', () => {
  it('has as many lines as it likes', () => {
    expect(parse(prose(2, 20), ' one\r\n\ttwo ')).toBe('one\r\n\ttwo');
  });

  it('is counted in code points, once it is trimmed', () => {
    const schema = prose(2, 3);
    expect(parse(schema, '\n😀😀😀\n')).toBe('😀😀😀');
    expect(wordsFor(schema, ' 😀 ')).toEqual(['Must be at least 2 characters']);
    expect(wordsFor(schema, '😀😀😀😀')).toEqual(['Must be at most 3 characters']);
  });

  it('is refused where it cannot be stored', () => {
    expect(wordsFor(prose(2, 20), 'one\0two')).toEqual(notStorable);
    expect(wordsFor(prose(2, 20), 'one\udfff')).toEqual(notStorable);
  });
});

describe('A whole number', () => {
  const schema = wholeNumber(0, 150);

  it.each([0, 1, 150])('may be %d', (value) => {
    expect(parse(schema, value)).toBe(value);
  });

  it.each([
    [-0, 'Must be a whole number'],
    [1.5, 'Must be a whole number'],
    [Number.POSITIVE_INFINITY, 'Must be a whole number'],
    [1e400, 'Must be a whole number'],
    [2 ** 53, 'Must be a whole number'],
    [-1, 'Must be at least 0'],
    [151, 'Must be at most 150'],
    ['7', 'Must be a number'],
    [true, 'Must be a number'],
    [7n, 'Must be a number'],
    [[7], 'Must be a number'],
    [null, 'Must be a number'],
    [new Date(7), 'Must be a number'],
  ])('is not %o', (value, words) => {
    expect(wordsFor(schema, value)).toEqual([words]);
  });
});

describe('An id', () => {
  it.each([1, 999_999_999_999_999])('may be %d', (id) => {
    expect(parse(Id, id)).toBe(id);
  });

  it.each([0, -0, -1, 1.5, 1e15, 2 ** 53, Number.NaN, '1', '١', ' 1 ', null, [1], { id: 1 }])('is not %o', (id) => {
    expect(refused(Id, id).code).toBe('validation_failed');
  });
});

describe('foldCase', () => {
  it('knows no locale: an I is an i', () => {
    expect(foldCase('ISTANBUL')).toBe('istanbul');
  });

  it('folds case alone, neither width nor composition', () => {
    expect(foldCase('ＡE\u0301')).toBe('ａe\u0301');
  });
});
