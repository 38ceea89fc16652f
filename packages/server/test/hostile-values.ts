import type { Route } from '@sallyport/http-api';
import { acceptedBy, type Body, type Field } from './hostile-routes.ts';

/** JSON that is no value of a field of this type, as it stands in a body. */
export const wrongJson: Readonly<Record<Field['type'], readonly string[]>> = {
  string: ['1', 'true', '[]', '{}', '["a"]', '{"$ne":null}', '"a\\u0000b"', '"\\ud800"', '"ab \\udc00"', long()],
  number: ['"1"', '""', '" 1 "', 'true', '[1]', '{}', '1e400', '-1e400', '-0', '-1', '1.5', '1e21', '9007199254740993'],
  boolean: ['"true"', '""', '1', '0', '[true]', '{}'],
  picklist: ['"root"', '"Admin"', '"admin "', '""', '1', 'true', '["admin"]', '{}', '"a\\u0000b"'],
};

/** Text of a query that is no value of a field of this type. */
export const wrongText: Readonly<Record<Field['type'], readonly string[]>> = {
  string: ['', '%20', '%00', 'a%00b', 'a%0D%0Ab', '%E2%80%AEb', 'x'.repeat(256)],
  number: [
    '',
    '-1',
    '-0',
    '1.5',
    '1.0',
    '1e1',
    '+1',
    '01',
    '0x1',
    '%201',
    '1%20',
    '%D9%A1',
    '9'.repeat(16),
    'NaN',
    'true',
  ],
  boolean: ['', 'True', '1', '0', 'yes', '%20true', 'null'],
  picklist: ['', 'root', 'Admin', 'admin%20', '1'],
};

/** Text of a path that is no id. */
export const wrongIds = [
  ['0', '-1', '-0', '1.5', '1.0', '1e3', '%201%20', '1%20', '0x1', '+1', '01', '1_000', '1,2', '%D9%A1', '%EF%BC%91'],
  ['9007199254740993', '9223372036854775807', '9223372036854775808', '9'.repeat(400), 'NaN', 'Infinity', 'null'],
  ['true', '%00', '1%00', '%', '%ff', '%5B%5D', "1'%20or%201=1", '1;2', '__proto__', 'constructor', '1%2F1'],
].flat();

function long(): string {
  return `"${'x'.repeat(100_000)}"`;
}

/** What a route accepts, with one field more, as it stands in a body. */
export function withField(route: Route, field: string, json: string): string {
  const { [field]: _, ...others } = acceptedBy(route);
  return JSON.stringify({ ...others, last: 0 }).replace('"last":0', `${JSON.stringify(field)}:${json}`);
}

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

/** Bodies that are no JSON object of real text. */
export function malformed(route: Route): readonly Body[] {
  const json = JSON.stringify(acceptedBy(route));
  const withBytes = (...bytes: number[]) => {
    const [before = '', behind = ''] = withField(route, 'extra', '"|"').split('|');
    return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(behind)]);
  };
  return [
    ['', ' ', '\0', '{', json.slice(0, -1), `${json}}`, `${json}${json}`, `${json}\0`, `//\n${json}`],
    ['{a:1}', "{'a':1}", '{"a":1,}', '{"a":01}', '{"a":NaN}', 'email=ada@example.com&password=secret123'],
    ['1', '-0', '"text"', 'true', 'null', 'undefined', '[]', '[{}]', `[${json}]`],
    ['{"__proto__":{"role":"admin"}}', '{"\\u005f_proto__":null}', withField(route, '__proto__', 'null')],
    [withField(route, 'extra', '{"__proto__":{}}'), withField(route, 'extra', '[[{"__proto__":1}]]')],
    [nested(5000, '[', ']'), nested(5000, '{"a":', '}').replace(':}', ':1}')],
    [withField(route, 'extra', nested(33, '[', ']')), withField(route, 'extra', nested(5000, '[', ']'))],
    // A stray byte, an overlong slash, a surrogate, five bytes, one cut short.
    [withBytes(0xff), withBytes(0xc0, 0xaf), withBytes(0xed, 0xa0, 0x80), withBytes(0xf8, 0x88, 0x80, 0x80, 0x80)],
    [withBytes(0xe2, 0x82), Buffer.from(json, 'utf16le')],
  ].flat();
}

/** Content types under which JSON is not read; the empty one stands for none. */
export const unsupportedTypes = [
  ['', 'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a'],
  ['application/xml', 'application/vnd.api+json', 'application/jsonx', 'application', '*/*', 'a/b, application/json'],
  ['utf-16', 'utf-16le', 'utf-32', 'utf-7', 'iso-8859-1', 'us-ascii', 'x'].map(
    (charset) => `application/json; charset=${charset}`,
  ),
].flat();

/** Fields that no caller may set, in every spelling. */
export const privileges = {
  id: 999_999,
  role: 'admin',
  roles: ['admin'],
  is_admin: true,
  isAdmin: true,
  is_active: false,
  isActive: false,
  email: 'taken.over@example.com',
  email_verified: true,
  emailVerified: true,
  password: 'taken over 123',
  password_hash: 'plain:0:known',
  passwordHash: 'plain:0:known',
  user_id: 1,
  userId: 1,
  author_id: 1,
  authorId: 1,
  author: { id: 1 },
  user: { id: 1, role: 'admin', is_active: false },
  created_at: '2000-01-01T00:00:00.000Z',
  createdAt: '2000-01-01T00:00:00.000Z',
  constructor: { prototype: { role: 'admin' } },
  prototype: { role: 'admin' },
  'user.role': 'admin',
  'user[role]': 'admin',
};
