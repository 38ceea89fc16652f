import type { Route } from '@sallyport/http-api';
import fc from 'fast-check';
import { operationOf } from '../document.ts';
import { privileges, wrongIds } from '../hostile-values.ts';
import type { Schema } from '../json-schema.ts';
import { oddText, rightText } from './field-values.ts';

/** A target on the request line. */
export interface TargetPart {
  readonly kind?: string;
  readonly target: string;
  /** Whether its path is spelled as the table has it. */
  readonly plain: boolean;
}

/** One in so many times. */
export const seldom = <Value>(times: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Ids of things that are there, by what a path leads to. */
function idsOf(path: string): readonly string[] {
  if (path.startsWith('/posts')) return ['⟦ada.post⟧', '⟦ada.draft⟧', '⟦bob.post⟧', '⟦bob.draft⟧'];
  if (path.includes('sessions/{id}')) return ['⟦ada.session⟧', '⟦bob.session⟧', '⟦left.session⟧', 'A'.repeat(22)];
  return ['⟦ada.id⟧', '⟦bob.id⟧', '⟦ivy.id⟧', '⟦idle.id⟧', '⟦gone.id⟧', '⟦root.id⟧'];
}

const unknownIds = ['999999999999999', '2147483648', '4294967296', '9007199254740991'];

function paths(route: Route): fc.Arbitrary<TargetPart> {
  if (!route.path.includes('{id}')) return fc.constant({ target: route.path, plain: true });
  const at = (id: string, kind?: string): TargetPart => ({
    ...(kind !== undefined && { kind }),
    target: route.path.replace('{id}', id),
    plain: true,
  });
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 30 })
    // A number might be the id of an account of another trial.
    .filter((id) => id.isWellFormed() && !/^(?:\.{1,2}|\d+)$/.test(id));
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...idsOf(route.path)).map((id) => at(id)) },
    { weight: 1, arbitrary: fc.constantFrom(...unknownIds).map((id) => at(id, 'ids')) },
    { weight: 1, arbitrary: fc.constantFrom(...wrongIds).map((id) => at(id, 'ids')) },
    { weight: 1, arbitrary: text.map((id) => at(encodeURIComponent(id), 'ids')) },
  );
}

/** Unexpected parameters. A target must not contain secrets, and what it contains must not come back. */
const strays = [
  ...Object.entries(privileges).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(JSON.stringify(value))}`,
  ),
  'access_token=⟦ada.token⟧',
  'refresh_token=⟦ada.refresh⟧',
  'password=Sesame%20astray',
  '=&=&&',
  '%',
  '%ff=%00',
  'a[]=1&a[b]=2',
  '_method=DELETE',
];

function queries(route: Route): fc.Arbitrary<{ readonly kind?: string; readonly query: string }> {
  const parameters: readonly Schema[] = operationOf(route)['parameters'] ?? [];
  const known = parameters.filter((parameter) => parameter['in'] === 'query');
  const stray = fc.constantFrom(...strays);
  if (known.length === 0) {
    return seldom(9, stray).map((text) =>
      text === undefined ? { query: '' } : { kind: 'queries', query: `?${text}` },
    );
  }
  const field = (odd: boolean) =>
    fc
      .constantFrom(...known)
      .chain(({ name, schema }) => (odd ? oddText : rightText)(name, schema).map((text) => `${name}=${text}`));
  const unique = (all: readonly string[]) => [...new Map(all.map((text) => [text.split('=')[0], text])).values()];
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant({ query: '' }) },
    {
      weight: 3,
      arbitrary: fc
        .array(field(false), { minLength: 1, maxLength: 4 })
        .map((all) => ({ query: `?${unique(all).join('&')}` })),
    },
    {
      weight: 3,
      arbitrary: fc
        .array(fc.oneof(field(true), field(false), stray), { minLength: 1, maxLength: 4 })
        .map((all) => ({ kind: 'queries', query: `?${all.join('&')}` })),
    },
  );
}

/** Other spellings of a path, each of which is another path. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => `${path}%2f`,
  (path) => `${path}%00`,
  (path) => `${path};a=b`,
  (path) => path.replace('/', '/%2e%2e/'),
  (path) => `/..${path}`,
  (path) => `/.${path}`,
  (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replaceAll('/', '//'),
  (path) => path.replaceAll('/', '\\'),
  (path) => `${path}/__proto__`,
  (path) => `${path}.json`,
  (path) => `${path}%ff`,
  (path) => `${path}%`,
  (path) => `http://evil.example${path}`,
  (path) => `${path}#fragment`,
  (path) => `${path}?${'a'.repeat(16_400)}`,
  (path) => path.replace(/[a-z]$/, '') + '*',
];

/** Targets of a route. */
export function targetsOf(route: Route): fc.Arbitrary<TargetPart> {
  return fc
    .tuple(paths(route), queries(route), seldom(14, fc.constantFrom(...spellings)))
    .map(([path, { query, kind }, spell]) => {
      const plain = { ...(kind !== undefined && { kind }), ...path, target: path.target + query };
      return spell ? { kind: 'paths', target: spell(path.target), plain: false } : plain;
    });
}
