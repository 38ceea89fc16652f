import type { Route } from '@sallyport/http-api';
import { routes } from '../server-routes.ts';
import fc from 'fast-check';
import { bodiesOf, type BodyPart, fieldsInBody } from './bodies.ts';
import { callersFor } from './callers.ts';
import { asCyd } from './field-values.ts';
import type { Shot } from './shot.ts';
import { seldom, targetsOf } from './targets.ts';

interface HeaderPart {
  readonly headers: Shot['headers'];
  readonly plain: boolean;
}

const filler = (count: number): Shot['headers'] => Array.from({ length: count }, (_, at) => [`X-${at}`, 'a'] as const);

/** Headers that mean nothing here, or for which HTTP itself refuses. */
const hostileHeaders: readonly HeaderPart[] = [
  ...(
    [
      ['X-Forwarded-Host', 'evil.example'],
      ['Forwarded', 'host=evil.example;proto=https'],
      ['X-Forwarded-Proto', 'ftp'],
      ['X-Original-URL', '/admin/users'],
      ['X-Rewrite-URL', '/admin/users'],
      ['X-HTTP-Method-Override', 'DELETE'],
      ['X-Request-Id', 'forged'],
      ['__proto__', 'x'],
      ['constructor', 'x'],
      ['Cookie', 'session=⟦ada.token⟧'],
      ['User-Agent', '\x9b31m \xff'.repeat(300)],
      ['User-Agent', ''],
      ['Origin', 'null'],
      ['Origin', 'https://evil.example'],
      ['Accept', 'text/html;q=0'],
      ['Accept-Encoding', 'gzip, br'],
      ['If-None-Match', '*'],
      ['Range', 'bytes=0-1'],
      ['X-Forwarded-For', '::ffff:10.0.0.1, "a", '.repeat(50)],
      ['Expect', '100-continue'],
      ['Access-Control-Request-Method', 'DELETE'],
    ] as const
  ).map((header) => ({ headers: [header], plain: true })),
  { headers: [['Host', 'evil.example']], plain: false },
  {
    headers: [
      ['Authorization', 'Bearer ⟦bob.token⟧'],
      ['authorization', 'Bearer ⟦root.token⟧'],
    ],
    plain: false,
  },
  { headers: [['Expect', 'the unexpected']], plain: false },
  { headers: filler(101), plain: false },
  { headers: filler(90), plain: true },
  { headers: [['X-Long', 'a'.repeat(16_400)]], plain: false },
  { headers: [['X-Long', 'a'.repeat(4_000)]], plain: true },
];

/** What of a route's shot is odd names it. */
function shotOf(route: Route): fc.Arbitrary<Shot> {
  const noBody: fc.Arbitrary<BodyPart> = fc.constant({ kind: 'without a body', headers: [] });
  const stray: fc.Arbitrary<BodyPart> = fc.constantFrom('{"role":"admin"}', '{', '\0', 'a=b').map((text) => ({
    kind: 'bodies not asked for',
    body: { text, coding: 'plain' },
    headers: [['Content-Type', 'application/json']],
  }));
  const reads = Object.keys(fieldsInBody(route)).length > 0;
  const bodies = reads
    ? fc.oneof({ weight: 30, arbitrary: bodiesOf(route) }, { weight: 1, arbitrary: noBody })
    : fc.oneof({ weight: 9, arbitrary: noBody }, { weight: 1, arbitrary: stray });
  const hostile = seldom(12, fc.constantFrom(...hostileHeaders));
  return fc
    .record({
      target: targetsOf(route),
      caller: callersFor(route.who as 'anyone' | 'member' | 'admin'),
      body: bodies,
      hostile,
      verb: otherMethod,
    })
    .map(({ target, caller, body, hostile: odd, verb }) => {
      const method = verb ?? route.method;
      const kind = (verb && 'methods') ?? (odd && 'headers') ?? target.kind ?? caller.kind ?? body.kind;
      return {
        kind,
        caller: caller.caller,
        method,
        target: target.target,
        headers: [['Host', 'sallyport.test'], ...caller.headers, ...body.headers, ...(odd?.headers ?? [])],
        ...(body.body && { body: body.body }),
        plain: target.plain && verb === undefined && (odd?.plain ?? true),
      };
    });
}

const otherMethod = seldom(
  24,
  fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'),
);

/** Pages and documents beside the API. */
const beside = fc
  .tuple(
    fc.constantFrom('GET', 'GET', 'GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS'),
    fc.constantFrom(
      '/health/live',
      '/health/ready',
      '/docs',
      '/docs/start.js',
      '/openapi.json',
      '/.well-known/jwks.json',
      '/.well-known/oauth-authorization-server',
      '/reset-password',
      '/verify-email',
      '/',
      '/nowhere',
      '/docs/../package.json',
      '/__proto__',
    ),
    fc.constantFrom(
      '',
      '?token=⟦ada.reset⟧',
      '?token=%22%3E%3Cscript%3E',
      '?token=a&token=b',
      '?%',
      '?Sesame%20astray',
    ),
    fc.constantFrom(
      '',
      'token=⟦bob.verify⟧',
      'token=⟦bob.reset⟧&new_password=Sesame+page+1',
      'token=⟦bob.reset⟧&new_password=1',
      'token=a&token=b',
      'token=%22%3E%3Cscript%3E&new_password=',
      '{',
      '\0',
    ),
  )
  .map(([method, path, query, text]): Shot => ({
    kind: 'pages and documents',
    caller: 'anonymous',
    method,
    target: path + query,
    headers: [
      ['Host', 'sallyport.test'],
      ...(method === 'POST' ? [['Content-Type', 'application/x-www-form-urlencoded'] as const] : []),
    ],
    ...(method === 'POST' && { body: { text, coding: 'plain' as const } }),
    plain: false,
  }));

/** Any request, to any route, by any caller. */
export const anyShot: fc.Arbitrary<Shot> = fc.oneof(
  { weight: 40, arbitrary: fc.oneof(...routes.map(shotOf)) },
  { weight: 1, arbitrary: beside },
);

/** One that cannot disturb the callers of a story. */
export const harmlessShot: fc.Arbitrary<Shot> = anyShot
  .filter(({ caller }) => caller !== 'root')
  .map((shot) => {
    const other: Shot = JSON.parse(asCyd(JSON.stringify(shot)));
    return ['ada', 'bob'].includes(other.caller) ? { ...other, caller: 'cyd' } : other;
  });
