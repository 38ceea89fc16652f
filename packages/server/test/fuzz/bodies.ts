import fc from 'fast-check';
import { malformed, privileges, unsupportedTypes } from '../hostile-values.ts';
import type { Route } from '@sallyport/http-api';
import { operationOf } from '../document.ts';
import type { Schema } from '../json-schema.ts';
import { oddJson, oddText, rightJson, rightText } from './field-values.ts';
import { type Coding, codings, type Shot } from './shot.ts';

/** A body with the headers that go with it. */
export interface BodyPart {
  readonly kind: string;
  readonly body?: NonNullable<Shot['body']>;
  readonly headers: Shot['headers'];
}

type Entry = readonly [name: string, value: string];

const types = { api: 'application/json', oauth: 'application/x-www-form-urlencoded' } as const;

export function fieldsInBody(route: Route): Readonly<Record<string, Schema>> {
  const content = operationOf(route)['requestBody']?.content ?? {};
  return content[types[route.style]]?.schema.properties ?? {};
}

const join = {
  api: (entries: readonly Entry[]) => `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`,
  oauth: (entries: readonly Entry[]) => entries.map((entry) => entry.join('=')).join('&'),
};

const entriesOf = (fields: readonly (readonly [string, fc.Arbitrary<string>])[]) =>
  fc.tuple(...fields.map(([name, value]) => value.map((text): Entry => [name, text])));

/** What is left out, doubled, or brought along without having been asked for. */
const additions = (style: Route['style']) => {
  const write = (value: unknown) => (style === 'api' ? JSON.stringify(value) : encodeURIComponent(String(value)));
  const privileged = Object.entries(privileges).map(([name, value]): Entry => [name, write(value)]);
  const odd: Entry[] = [
    ['', write('')],
    ['newPassword', write('Sesame camel 1')],
    ['__proto__', style === 'api' ? '{"role":"admin"}' : 'x'],
  ];
  const nested = fc
    .integer({ min: 1, max: 40 })
    .map((depth): Entry => ['deep', style === 'api' ? '['.repeat(depth) + ']'.repeat(depth) : `${depth}`]);
  return fc.array(fc.oneof(fc.constantFrom(...privileged), fc.constantFrom(...odd), nested), {
    minLength: 1,
    maxLength: 4,
  });
};

/** The fields of a route, each as it should be or, by so many in ten, as it should not. */
function entries(route: Route, oddity: number): fc.Arbitrary<Entry[]> {
  const [right, odd] = route.style === 'api' ? [rightJson, oddJson] : [rightText, oddText];
  const required: readonly string[] =
    operationOf(route)['requestBody']?.content[types[route.style]]?.schema.required ?? [];
  const fields = Object.entries(fieldsInBody(route)).map(([name, schema]) => {
    const values = fc.oneof(
      { arbitrary: right(name, schema), weight: 10 - oddity },
      { arbitrary: odd(name, schema), weight: oddity },
    );
    return [name, values] as const;
  });
  return entriesOf(fields).chain((all) => {
    const optional = all.filter(([name]) => oddity > 0 || !required.includes(name));
    return fc
      .subarray(optional, { minLength: oddity > 0 ? Math.max(0, optional.length - 1) : 0 })
      .map((kept) => all.filter((entry) => kept.includes(entry) || !optional.includes(entry)));
  });
}

const asBody = (kind: string, text: string, type: string, coding: Coding = 'plain'): BodyPart => ({
  kind,
  body: { text, coding },
  headers: [
    ...(type === '' ? [] : [['Content-Type', type] as const]),
    ...(['gzip', 'cut', 'bent', 'bomb'].includes(coding) ? [['Content-Encoding', 'gzip'] as const] : []),
    ...(coding === 'deflate' ? [['Content-Encoding', 'deflate'] as const] : []),
  ],
});

/** Bodies of a route that reads one. */
export function bodiesOf(route: Route): fc.Arbitrary<BodyPart> {
  const type = types[route.style];
  const write = (all: readonly Entry[]) => join[route.style](all);
  const right = entries(route, 0);
  const extended = fc.tuple(right, additions(route.style), fc.boolean());
  const texts = malformed(route).filter((body) => typeof body === 'string');
  return fc.oneof(
    { weight: 9, arbitrary: right.map((all) => asBody('fitting fields', write(all), type)) },
    { weight: 8, arbitrary: entries(route, 3).map((all) => asBody('hostile fields', write(all), type)) },
    {
      weight: 3,
      arbitrary: extended.map(([all, more, first]) =>
        asBody('fields that do not belong', write(first ? [...more, ...all] : [...all, ...more]), type),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(right, entries(route, 5))
        .map(([all, again]) => asBody('fields sent twice', write([...again, ...all]), type)),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(fc.constantFrom(...texts), fc.json({ maxDepth: 4 }), fc.string({ unit: 'binary' }))
        .map((text) => asBody('malformed bodies', text, type)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          right,
          fc.constantFrom(
            ...unsupportedTypes,
            `${type};charset=UTF-8`,
            `${type} ; charset="utf-8"`,
            type.toUpperCase(),
          ),
        )
        .map(([all, other]) => asBody('media types', write(all), other)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(right, fc.constantFrom(...codings))
        .map(([all, coding]) => asBody('codings', write(all), type, coding)),
    },
  );
}
