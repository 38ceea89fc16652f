import type { Route } from '@sallyport/http-api';
import { problemTypes, routes } from '../server-routes.ts';
import { document, operationOf, unpromised } from '../document.ts';
import { mismatches, type Schema } from '../json-schema.ts';
import { fieldsInBody } from './bodies.ts';
import { passwordMark } from './cast.ts';
import type { Received } from './client.ts';
import { bare } from './field-values.ts';
import type { Sent } from './shot.ts';

/** Codes by which HTTP itself refuses, of which the document does not speak: where a request is not plain HTTP. */
const ofHttp = [
  'malformed_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'payload_too_large',
  'expectation_failed',
  'foreign_origin',
  'headers_too_large',
  'not_implemented',
];

/** The route that a request is for, by its method and the spelling of its path. */
export function routeOf(method: string, target: string): Route | undefined {
  const path = pathOf(target);
  const exact = routes.filter((route) => route.path === path);
  const candidates = exact.length > 0 ? exact : routes.filter((route) => patternOf(route).test(path));
  return candidates.find((route) => route.method === (method === 'HEAD' ? 'GET' : method));
}

const pathOf = (target: string) => target.replace(/^[a-z]+:\/\/[^/]*/, '').split(/[?#]/)[0] ?? '';
const patterns = new Map<string, RegExp>();
function patternOf({ path }: Route): RegExp {
  const pattern = patterns.get(path) ?? new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  patterns.set(path, pattern);
  return pattern;
}

/** Faults that no response may have, whatever the request: a broken promise each. */
export function wrongWithAny(answer: Received): string[] {
  const { status, headers, body, text } = answer;
  const wrong: string[] = [];
  if (status >= 500 && status !== 501) wrong.push(`answers ${status}`);
  if (!/^[0-9a-f-]{36}$/.test(headers.get('X-Request-Id') ?? '')) wrong.push('has no X-Request-Id');
  if (text.includes(passwordMark)) wrong.push('tells a password');
  if (headers.get('Content-Type')?.startsWith('application/problem')) wrong.push(...wrongWithProblem(answer));
  else if (
    status >= 400 &&
    typeof body === 'string' &&
    body !== '' &&
    !headers.get('Content-Type')?.startsWith('text/html')
  )
    wrong.push('is no problem');
  return wrong;
}

function wrongWithProblem({ status, headers, body }: Received): string[] {
  if (body === '') return [];
  const wrong = [...mismatches(body, document['components'].schemas.Problem, document)];
  const code = String(body.type).replace('urn:sallyport:problem:', '');
  const { status: expected, title, challenge } = problemTypes[code] ?? {};
  if (body.status !== status || expected !== status || body.title !== title)
    wrong.push(`calls ${status} a ${body.type}`);
  if (body.instance !== headers.get('X-Request-Id')) wrong.push('bears two ids');
  if (headers.get('Content-Type') !== 'application/problem+json') wrong.push('has a Content-Type with more to it');
  if (headers.get('Cache-Control') !== 'no-store') wrong.push('may be stored');
  if ((headers.get('WWW-Authenticate') ?? undefined) !== challenge) wrong.push('has another challenge');
  if ([429, 503].includes(status) && !/^[1-9]\d*$/.test(headers.get('Retry-After') ?? ''))
    wrong.push('says no Retry-After');
  if (status === 405 && !headers.has('Allow')) wrong.push('says no Allow');
  if ((status === 422) !== (body.errors !== undefined)) wrong.push('has errors, or none, of a field');
  return wrong;
}

/** What is wrong with the answer to a request. */
export function wrongWith(
  sent: Sent,
  answer: Received,
  { secrets, mayAdminister }: { readonly secrets: readonly string[]; readonly mayAdminister: boolean },
): readonly string[] {
  const { headers, status } = answer;
  const wrong = wrongWithAny(answer);
  if (sent.plain && headers.get('X-Content-Type-Options') !== 'nosniff') wrong.push('lacks its security headers');
  if (sent.expect && !sent.expect.includes(status)) wrong.push(`answers ${status} for ${sent.expect.join(' or ')}`);
  if (sent.method === 'HEAD') {
    if (answer.body !== '') wrong.push('has a body for HEAD');
    return wrong;
  }
  const route = routeOf(sent.method, sent.target);
  if (route) wrong.push(...wrongWithRoute(route, sent, answer, mayAdminister));
  else if (sent.plain) wrong.push('is of no route');
  else if (status < 300 && sent.method !== 'OPTIONS' && !isBeside(sent))
    wrong.push(`answers ${status} where nothing is`);
  if (!isBeside(sent)) wrong.push(...echoes(sent, answer, secrets));
  return wrong;
}

const isBeside = ({ target }: Sent) =>
  /^\/(reset-password|verify-email|docs|health|openapi|\.well-known)/.test(pathOf(target));

function wrongWithRoute(route: Route, sent: Sent, answer: Received, mayAdminister: boolean): readonly string[] {
  const { status, headers, body } = answer;
  const wrong: string[] = [];
  const promised = unpromised(route, answer);
  const code = String(body?.type).replace('urn:sallyport:problem:', '');
  const isOfHttp = !sent.plain && ofHttp.includes(code);
  if (promised.length > 0 && !isOfHttp) wrong.push(`breaks its promise, ${status}: ${promised.slice(0, 3).join(', ')}`);
  if (!isOfHttp && headers.get('Cache-Control') !== 'no-store') wrong.push('may be stored');
  const refusals = refusalsOf(route, sent, mayAdminister);
  if (refusals && !isOfHttp && !refusals.includes(status)) wrong.push(`lets ${sent.caller} in with ${status}`);
  if (status < 300) wrong.push(...unfit(route, sent).map((what) => `takes what the document does not: ${what}`));
  return wrong;
}

/** The statuses of which a caller must get one, where they may not come in. */
function refusalsOf(route: Route, { caller }: Sent, mayAdminister: boolean): readonly number[] | undefined {
  if (route.bearer !== 'required') return undefined;
  // A deactivated account may have been activated since, but without a session.
  if (caller === 'idle') return [401, 403];
  if (['forger', 'gone', 'left'].includes(caller)) return [401];
  if (caller === 'anonymous') return [401];
  return route.who === 'admin' && !mayAdminister ? [401, 403] : undefined;
}

/** What of an input that was taken the document's schemas refuse. */
function unfit(route: Route, { target, text, headers }: Sent): readonly string[] {
  const fields = fieldsInBody(route);
  if (Object.keys(fields).length > 0 && route.style === 'api') {
    if (text === undefined || headers.some(([name]) => name === 'Content-Encoding')) return [];
    const body = JSON.parse(text.replace(/^\ufeff/, ''));
    const { required = [] } = operationOf(route)['requestBody'].content['application/json'].schema as Schema;
    return [
      ...required.flatMap((name: string) => (Object.hasOwn(body, name) ? [] : [`no ${name}`])),
      ...Object.entries(fields).flatMap(([name, schema]) =>
        Object.hasOwn(body, name) ? misfits(body[name], schema) : [],
      ),
    ];
  }
  const query = new URL(target, 'http://a').searchParams;
  const parameters: readonly Schema[] = operationOf(route)['parameters'] ?? [];
  return parameters.flatMap(({ name, in: where, schema }) => {
    const value =
      where === 'path'
        ? pathOf(target)
            .split('/')
            .find((_, at) => route.path.split('/')[at] === `{${name}}`)
        : query.get(name);
    return value === null ? [] : misfits(fromText(value ?? '', schema), schema);
  });
}

/** Lengths are counted when it is composed and, unless every character counts, trimmed. */
const misfits = (value: unknown, schema: Schema) =>
  mismatches(typeof value === 'string' ? asCounted(value, schema) : value, schema, document);

const asCounted = (text: string, { format }: Schema) => (format === 'password' ? text : text.trim()).normalize('NFC');

function fromText(text: string, schema: Schema): unknown {
  const { type } = bare(schema);
  if (type === 'integer' && /^\d+$/.test(text)) return Number(text);
  return type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text;
}

/** Secrets of the request that come back with its answer, but for those that the answer grants. */
function echoes(
  { text = '', headers, target }: Sent,
  { body, text: answered }: Received,
  secrets: readonly string[],
): readonly string[] {
  const granted = [body?.access_token, body?.refresh_token];
  const values = [...secrets, ...passwordsIn(text)].filter((value) => value.length >= 8 && !granted.includes(value));
  const shown = `${target} ${headers.map(([, value]) => value).join(' ')}`;
  return values.some((value) => answered.includes(value) && (secrets.includes(value) || !shown.includes(value)))
    ? ['echoes a secret']
    : [];
}

/** What stands in a body as a password or a token. */
function passwordsIn(text: string): readonly string[] {
  try {
    const fields = Object.entries(JSON.parse(text) as Record<string, unknown>);
    const other = fields.filter(([name]) => !/password|token/.test(name)).map(([, value]) => JSON.stringify(value));
    return fields.flatMap(([name, value]) =>
      /password|token/.test(name) && typeof value === 'string' && !other.some((one) => one?.includes(value))
        ? [value]
        : [],
    );
  } catch {
    return [];
  }
}
