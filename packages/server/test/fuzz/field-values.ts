import fc from 'fast-check';
import type { Schema } from '../json-schema.ts';
import { wrongJson, wrongText } from '../hostile-values.ts';

/** Values that fit a field by what it is for, in the names of the cast; the first one is the caller's own. */
const fitting: Readonly<Record<string, readonly string[]>> = {
  email: ['⟦ada.email⟧', '⟦bob.email⟧', '⟦idle.email⟧', '⟦gone.email⟧', '⟦a.new⟧', ' ⟦a.new⟧ '],
  username: ['⟦ada.email⟧', '⟦bob.email⟧', '⟦idle.email⟧', '⟦a.new⟧', 'anonymous'],
  password: ['⟦ada.password⟧', '⟦bob.password⟧', '⟦idle.password⟧', 'Sesame is wrong 1'],
  current_password: ['⟦ada.password⟧', '⟦bob.password⟧', 'Sesame is wrong 1'],
  new_password: ['Sesame is new 1', 'Sesame e\u0301te\u0301 1', '⟦ada.password⟧'],
  new_email: ['⟦a.new⟧', '⟦bob.email⟧'],
  refresh_token: ['⟦ada.refresh⟧', '⟦ada.spent⟧', '⟦bob.refresh⟧', '⟦idle.refresh⟧', '⟦left.refresh⟧', '⟦ada.token⟧'],
  token: [
    '⟦ada.reset⟧',
    '⟦ada.verify⟧',
    '⟦ivy.invitation⟧',
    '⟦ada.token⟧',
    '⟦ada.refresh⟧',
    '⟦bob.reset|cut 20⟧',
    '⟦bob.refresh|flip 9⟧',
  ],
  grant_type: ['password', 'refresh_token', 'client_credentials'],
  token_type_hint: ['access_token', 'refresh_token', 'x'],
  search: ['ada', 'Ada', '⟦bob.email⟧', 'bob ada', '%', '_', 'É', 'e\u0301', '\\', "'", ':*', '! & |', '( )'],
  external_id: ['⟦a.new⟧', 'legacy-1815'],
  ip: ['127.0.0.1', '::1', '10.0.0.1'],
};

/** The last session that was seen, by which their lists are paged. */
const sessions = ['⟦ada.session⟧', '⟦bob.session⟧', '⟦left.session⟧', 'A'.repeat(22)];

/** The same of a person who is in no story. */
export const asCyd = (text: string) => text.replaceAll(/⟦(ada|bob|ivy)\./g, '⟦cyd.');

const characters = ['a', 'Z', '7', ' ', 'é', 'ß', '漢', 'ﬀ', '😀', '👩‍👩‍👧', 'e\u0301', "'", '"', '<', '\\', '%', '\u00a0'];
const alphabet = [...new Set(characters.join(''))];

/** Text of so many code points. */
const textOf = (length: number) =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 12 })
    .map((unit) => [...unit.join('').repeat(Math.ceil(length / unit.length))].slice(0, length).join(''));

const hostileTexts = [
  ['', ' ', '\0', 'a\0b', 'a\r\nb', '\x1b[31m', '\u202ebob', '\u2066x', '\ufeff', '\ud800', 'a\udc00b', '\ufffe\uffff'],
  [
    '__proto__',
    'constructor',
    'null',
    'undefined',
    'NaN',
    '${7*7}',
    '{{7*7}}',
    "' or 1=1 --",
    '"><img src=x>',
    '../..',
  ],
  ['e\u0301'.repeat(64), '👩‍👩‍👧'.repeat(20), 'Z\u0351\u036b'.repeat(40), 'x'.repeat(100_000), '\u212a@example.com'],
  [
    'a@b',
    'a@b.c',
    'ａ@example.com',
    '"a b"@example.com',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@b.co`,
    'a@b..co',
    'a@b.co\n',
  ],
].flat();

const hostileText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 130 }),
);

const asJson = (value: unknown) => JSON.stringify(value);

/** Numbers at a bound, beyond it, and none at all. */
function numbers({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<string> {
  const near = [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1];
  const odd = [
    '1e0',
    '1.0',
    '10e-1',
    '1E+2',
    '-0.0',
    '0.1',
    '1e-400',
    '9007199254740992',
    '1e15',
    '123456789012345678901',
  ];
  return fc.oneof(
    fc.constantFrom(...near.map(String), ...odd),
    fc.integer().map(String),
    fc.double().map((value) => asJson(value)),
  );
}

function texts(name: string, { minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  const lengths = [minLength - 1, minLength, minLength + 1, maxLength - 1, maxLength, maxLength + 1];
  const atBounds = fc.constantFrom(...lengths.filter((length) => length >= 0)).chain(textOf);
  // As a password, it is to be seen wherever it gets out.
  const marked = name.includes('password') ? atBounds.map((text) => `Sesame${text.slice(6)}`) : atBounds;
  return fc.oneof(marked, hostileText);
}

/** A schema without the null that it may allow. */
export function bare(schema: Schema): Schema {
  if (Array.isArray(schema['type'])) return { ...schema, type: schema['type'][0] };
  return schema['type'] ? schema : (schema['anyOf']?.find(({ type }: Schema) => type !== 'null') ?? schema);
}

/** JSON that a field takes. */
export function rightJson(name: string, schema: Schema): fc.Arbitrary<string> {
  const { type, enum: options, examples = [], minimum = 0, maximum = 100 } = bare(schema);
  const keys = name === 'after' && type === 'string' ? sessions : [];
  const known = [...(fitting[name] ?? []), ...keys, ...(options ?? []), ...examples];
  if (known.length > 0) return fc.constantFrom(...known.map(asJson));
  if (type === 'boolean') return fc.constantFrom('true', 'false');
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum }).map(String);
  return textOf(bare(schema)['minLength'] ?? 10).map(asJson);
}

/** JSON that a field may not take: of its type and near its bounds, of another type, or hostile. */
export function oddJson(name: string, schema: Schema): fc.Arbitrary<string> {
  const { type, enum: options } = bare(schema);
  const kind = options ? 'picklist' : type === 'integer' ? 'number' : (type as 'string' | 'boolean');
  const ofType = { number: numbers(bare(schema)), string: texts(name, bare(schema)).map(asJson) }[kind as string];
  return fc.oneof(
    { arbitrary: ofType ?? hostileText.map(asJson), weight: 3 },
    { arbitrary: fc.constantFrom(...wrongJson[kind]), weight: 2 },
    { arbitrary: fc.json({ maxDepth: 3 }), weight: 1 },
    { arbitrary: fc.constantFrom('null', '[]', '{}', '""', 'true', '0', '-0', '1e400'), weight: 1 },
  );
}

/** Text of a form that a field takes; of a query, too. */
export function rightText(name: string, schema: Schema): fc.Arbitrary<string> {
  return rightJson(name, schema).map((json) => {
    const value: unknown = JSON.parse(json);
    // Placeholders are put in later.
    return encodeURIComponent(String(value)).replaceAll(
      /%E2%9F%A6(.*?)%E2%9F%A7/g,
      (_, inner) => `⟦${decodeURIComponent(inner)}⟧`,
    );
  });
}

const percentEncoded = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

export function oddText(name: string, schema: Schema): fc.Arbitrary<string> {
  const { type, enum: options } = bare(schema);
  const kind = options ? 'picklist' : type === 'integer' ? 'number' : (type as 'string' | 'boolean');
  const encoded = fc.oneof(texts(name, bare(schema)), numbers(bare(schema))).map((text) => {
    const short = text.slice(0, 260);
    return short.isWellFormed() ? encodeURIComponent(short) : percentEncoded(short);
  });
  return fc.oneof(
    encoded,
    fc.constantFrom(...wrongText[kind]),
    fc.constantFrom('%', '%zz', '%ff', '%ed%a0%80', '+', '%2525'),
  );
}
