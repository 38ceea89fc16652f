import { describe, expect, it } from 'vitest';
import { apiRequest, jsonOf, member, testApi } from '../../test/api.ts';

const boundary = '----boundary';
const contentType = `multipart/form-data; boundary=${boundary}`;
const end = `--${boundary}--\r\n`;

function part(name: string, value: string, header = ''): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${header}\r\n\r\n${value}\r\n`;
}

const tested = testApi();
const { email, password } = await member(tested);
const login = part('username', email) + part('password', password);

/** The status of a request for a token, and the description of a refusal. */
async function ask(body: string | Uint8Array | FormData, type = contentType, path = '/auth/token') {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const sent = bytes instanceof FormData ? { parsed: bytes } : { read: async () => bytes };
  const request = apiRequest(`POST ${path}`, { headers: { 'content-type': type }, body: sent });
  const answer = await tested.api.answer(request);
  return [answer.status, answer.status === 200 ? undefined : jsonOf(answer).error_description];
}

const unreadable = [400, 'The body cannot be read'];
const once = [400, 'Each parameter may be sent once, as text'];

describe('a form in multipart/form-data', () => {
  it.each<[what: string, body: string, type?: string]>([
    ['as browsers and fetch send it', login + end],
    ['as curl sends it', login + part('grant_type', 'password', '\r\nContent-Type: text/plain; charset=utf-8') + end],
    ['without a line end at its end', login + end.trimEnd()],
    ['with a boundary in quotes', login + end, `multipart/form-data; boundary="${boundary}"`],
    ['in upper case, with a charset', login + end, `Multipart/Form-Data; charset=UTF-8; Boundary=${boundary}`],
    ['with headers in lower case', (login + end).replaceAll('Content-Disposition', 'content-disposition')],
    ['with an empty value, which counts as omitted', login + part('refresh_token', '') + end],
    ['with fields that it does not know', login + part('__proto__', 'x') + part('constructor', 'x') + end],
  ])('is accepted %s', async (_what, body, type) => {
    expect(await ask(body, type)).toEqual([200, undefined]);
  });

  it('is accepted at each route that takes a form, and where the host has parsed it', async () => {
    expect(await ask(part('token', 'x') + end, contentType, '/auth/revoke')).toEqual([200, undefined]);
    const form = new FormData();
    form.set('username', email);
    form.set('password', password);
    expect(await ask(form)).toEqual([200, undefined]);
    form.append('username', email);
    expect(await ask(form)).toEqual(once);
  });

  it('may have every character in its values', async () => {
    const odd = `\r\n--${boundary.slice(0, -1)} "ä🔑%0A&=+--`;
    const own = await member(tested, 'Odd');
    const wrong = part('username', own.email) + part('password', odd) + end;
    expect(await ask(wrong)).toEqual([401, 'Invalid credentials']);
  });

  it.each<[what: string, body: string | Uint8Array, refusal: unknown, type?: string]>([
    ['a field twice', login + part('username', 'x') + end, once],
    ['a file', login + part('x', 'y', '; filename="x.txt"') + end, [400, 'The form must not contain files']],
    ['a file without a name', login + part('x', '', '; filename=""') + end, [400, 'The form must not contain files']],
    [
      'bytes that are not UTF-8',
      Buffer.from(part('username', 'ä') + end, 'latin1'),
      [400, 'The body is not valid UTF-8'],
    ],
    [
      'a NUL',
      part('username', email) + part('password', 'a\0') + end,
      [400, 'password: Must be well-formed Unicode without NUL'],
    ],
    ['a hundred parts and one', part('a', '').repeat(101) + end, [400, 'The form has too many parts']],
    ['parts without end', part('a', '').repeat(15_000) + end, [400, 'The form has too many parts']],
    ['no part', end, [400, 'username is missing']],
    ['no end', login, unreadable],
    ['nothing', '', unreadable],
    ['line feeds alone', (login + end).replaceAll('\r\n', '\n'), unreadable],
    ['text before it', `x\r\n${login}${end}`, unreadable],
    ['a part without a name', `--${boundary}\r\nContent-Disposition: form-data\r\n\r\nx\r\n${end}`, unreadable],
    ['a part without headers', `--${boundary}\r\n\r\nx\r\n${end}`, unreadable],
    ['another boundary', login + end, unreadable, 'multipart/form-data; boundary=x'],
    ['no boundary', login + end, unreadable, 'multipart/form-data'],
    ['an empty boundary', login + end, unreadable, 'multipart/form-data; boundary='],
    ['a boundary of a megabyte', login + end, unreadable, `multipart/form-data; boundary=${'x'.repeat(1_000_000)}`],
    ['a boundary that no header may have', login + end, unreadable, 'multipart/form-data; boundary=a\u0100'],
    ['dashes alone', '-'.repeat(1_000_000), unreadable, 'multipart/form-data; boundary=-'],
    [
      'spaces without end',
      `--${boundary}\r\nContent-Disposition:${' '.repeat(900_000)}\r\n\r\nx\r\n${end}`,
      unreadable,
    ],
    [
      'another charset',
      login + end,
      [415, 'The body must be application/x-www-form-urlencoded in UTF-8'],
      `${contentType}; charset=iso-8859-1`,
    ],
    [
      'another type',
      login + end,
      [415, 'The body must be application/x-www-form-urlencoded in UTF-8'],
      'multipart/mixed',
    ],
  ])('is refused with %s', async (_what, body, refusal, type) => {
    expect(await ask(body, type)).toEqual(refusal);
  });

  it('is refused where JSON is expected', async () => {
    const headers = { 'content-type': contentType };
    const request = apiRequest('POST /auth/login', { headers, body: { read: async () => Buffer.from(login + end) } });
    expect((await tested.api.answer(request)).status).toBe(415);
  });
});
