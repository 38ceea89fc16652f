import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './start-server.ts';
import {
  acceptedBy,
  fieldsOf,
  formRoutes,
  jsonRoutes,
  nameOf,
  type Scene,
  setScene,
  type Snapshot,
} from './hostile-routes.ts';
import { malformed, unsupportedTypes, withField, wrongJson } from './hostile-values.ts';
import { storeOfEachAdapter } from './start-server.ts';

/** What only a client says here: passwords, tokens, and text at length. */
const echo = /secret|a token|x{20}/i;

const named = jsonRoutes.map((route) => [nameOf(route), route] as const);

describe.each(storeOfEachAdapter)('hostile bodies on %s', (store) => {
  let scene: Scene;
  let before: Snapshot;
  beforeAll(async () => {
    scene = await setScene(store);
    before = await scene.snapshot();
  });
  afterAll(() => scene.server.close());
  afterEach(async () => {
    const after = await scene.snapshot();
    if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error('Something was changed');
  });

  /** The status of a problem. */
  function refusal({ status, headers, body }: Answer): number {
    expect(headers.get('Content-Type'), JSON.stringify(body)).toBe('application/problem+json');
    const type = expect.stringMatching(/^urn:sallyport:problem:[a-z_]+$/);
    expect(body).toMatchObject({ status, type, instance: headers.get('X-Request-Id') });
    expect(JSON.stringify(body)).not.toMatch(echo);
    return status;
  }

  it.each(named)('are refused by %s when they are no JSON object', async (_, route) => {
    for (const body of malformed(route)) {
      expect(refusal(await scene.send(route, { body })), String(body).slice(0, 200)).toBe(400);
    }
    expect(Object.prototype).not.toHaveProperty('role');
  });

  it.each(named)('are refused by %s under another content type', async (_, route) => {
    const body = JSON.stringify(acceptedBy(route));
    for (const type of unsupportedTypes) {
      expect(refusal(await scene.send(route, { body, type })), type).toBe(415);
    }
  });

  it.each(named)('are refused by %s beyond a megabyte', async (_, route) => {
    const body = withField(route, 'extra', `"${'x'.repeat(1_048_576)}"`);
    expect(refusal(await scene.send(route, { body }))).toBe(413);
  });

  it.each(named)('are refused by %s for what a field cannot be', async (_, route) => {
    for (const { name, type, required } of fieldsOf(route)) {
      // Any text is a token, if only an unknown one.
      const wrong = wrongJson[type].filter((json) => !(name.endsWith('token') && json.startsWith('"')));
      for (const json of [...wrong, ...(required ? ['null'] : [])]) {
        const answer = await scene.send(route, { body: withField(route, name, json) });
        expect(refusal(answer), `${name}: ${json.slice(0, 200)}`).toBe(422);
        expect(answer.body.errors).toEqual([{ pointer: `/${name}`, detail: expect.stringMatching(/^.{1,100}$/) }]);
      }
    }
  });

  const byToken = named.filter(([, route]) => fieldsOf(route).some(({ name }) => name.endsWith('token')));
  it.each(byToken)('are refused by %s for any text that is no token', async (_, route) => {
    for (const { name } of fieldsOf(route).filter((field) => field.name.endsWith('token'))) {
      for (const json of wrongJson.string.filter((value) => value.startsWith('"'))) {
        const answer = await scene.send(route, { body: withField(route, name, json) });
        expect([400, 401], json.slice(0, 200)).toContain(refusal(answer));
      }
    }
  });

  it.each(named)('are refused by %s without a field', async (_, route) => {
    for (const { name } of fieldsOf(route).filter(({ required }) => required)) {
      const { [name]: _left, ...others } = acceptedBy(route);
      const answer = await scene.send(route, { body: JSON.stringify(others) });
      expect(refusal(answer)).toBe(422);
      expect(answer.body.errors).toEqual([{ pointer: `/${name}`, detail: 'Field required' }]);
    }
  });

  it.each(formRoutes.map((route) => [nameOf(route), route] as const))('are refused by %s', async (_, route) => {
    const form = 'username=ada@example.com&password=secret123';
    const type = 'application/x-www-form-urlencoded';
    const json = JSON.stringify(acceptedBy(route));
    const shots = [
      ['', 'username', 'username=', 'password=secret123', 'username=ada@example.com', '=&=&&', '%', '[]=', '\0'],
      ['username[]=ada@example.com&password=secret123', 'username[$ne]=&password=secret123'],
      [`${form}&username=ada@example.com`, `${form}&password=secret123`, `${form}&grant_type=&grant_type=`],
      ['username.toString=&password=secret123', '__proto__[username]=ada@example.com&__proto__[password]=secret123'],
      ['constructor[prototype][username]=a&password=secret123', `username${'[a]'.repeat(5000)}=a&password=secret123`],
      [`${form}%00`, `${form}%ff`, `${form}%ED%A0%80`, `${form}\ufffd`, `${form}${'x'.repeat(100_000)}`, json],
      [`${form}&grant_type=client_credentials`, `${form}&grant_type=%20`, `${'a=1&'.repeat(2000)}${form}`],
    ]
      .flat()
      .map((body) => ({ body, type, statuses: [400, 401] }));
    for (const other of ['', 'application/json', 'text/plain', 'multipart/mixed', `${type}; charset=utf-16`]) {
      shots.push({ body: form, type: other, statuses: [415] });
    }
    const part = '--b\r\nContent-Disposition: form-data; name="username"\r\n\r\na@b.example\r\n';
    for (const body of [
      form,
      json,
      '--b',
      '--b--\r\n',
      part,
      part.repeat(200),
      `${part}${part}--b--`,
      `\0${part}--b--`,
    ]) {
      for (const other of [
        'multipart/form-data',
        'multipart/form-data; boundary=b',
        'multipart/form-data; boundary=""',
      ]) {
        shots.push({ body, type: other, statuses: [400] });
      }
    }
    shots.push({ body: `${form}&extra=${'x'.repeat(1_048_576)}`, type, statuses: [413] });

    for (const { statuses, ...shot } of shots) {
      const { status, headers, body } = await scene.send(route, shot);
      expect(statuses, `${shot.type} ${shot.body.slice(0, 200)}`).toContain(status);
      expect(headers.get('Content-Type')).toMatch(/^application\/json/);
      expect(body.error).toMatch(/^(invalid_request|invalid_grant|unsupported_grant_type)$/);
      expect(JSON.stringify(body)).not.toMatch(echo);
    }
  });
});
