import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Route } from '@sallyport/http-api';
import { notes } from '../../../test/secrecy.mjs';
import { routes } from './server-routes.ts';
import { admin, type Answer, member, type Person, startServer, type Store, type TestServer } from './start-server.ts';

/** One field of a route's input, as its schema says it. */
export interface Field {
  /** On the wire. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'picklist';
  readonly required: boolean;
}

interface Schema {
  readonly type: string;
  readonly wrapped?: Schema;
  readonly entries?: Record<string, Schema>;
}

/** The fields of a route that do not stand in its path. */
export function fieldsOf({
  input,
  path,
}: {
  readonly path: string;
  readonly input: { readonly entries: Record<string, Schema> };
}): readonly Field[] {
  return Object.entries<Schema>(input.entries).flatMap(([key, schema]) => {
    if (key === 'profile') return fieldsOf({ path, input: { entries: schema.wrapped?.entries ?? {} } });
    const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const { type } = schema.wrapped ?? schema;
    return path.includes(`{${name}}`) ? [] : [{ name, type: type as Field['type'], required: !schema.wrapped }];
  });
}

export const nameOf = ({ method, path }: Route) => `${method} ${path}`;

export const readsBody = (route: Route) => fieldsOf(route).length > 0 && route.method !== 'GET';
export const jsonRoutes = routes.filter((route) => route.style === 'api' && readsBody(route));
export const formRoutes = routes.filter((route) => route.style === 'oauth');
export const queryRoutes = routes.filter((route) => fieldsOf(route).length > 0 && route.method === 'GET');
export const idRoutes = routes.filter(({ path }) => path.includes('{id}'));

/** What each route is aimed at, and who aims. */
export interface Scene {
  readonly server: TestServer;
  readonly root: Person;
  readonly ada: Person;
  /** Sends a body as it stands to a route, as a caller that the route admits. */
  send(route: Route, options?: Shot): Promise<Answer>;
  /** All that is stored, as far as an admin sees it. */
  snapshot(): Promise<Snapshot>;
}

export type Body = string | Uint8Array;

interface Shot {
  readonly token?: string;
  readonly id?: string;
  readonly query?: string;
  readonly body?: Body | undefined;
  /** The content type; the empty one stands for none. */
  readonly type?: string;
}

export interface Snapshot {
  readonly users: readonly Record<string, unknown>[];
  readonly posts: readonly Record<string, unknown>[];
}

/** An admin, the member Ada with two posts, and the member Bob, whose account admins change. */
export async function setScene(store: Store): Promise<Scene> {
  const server = await startServer(store);
  const root = await admin(server);
  const ada = await member(server, 'Ada');
  const bob = await member(server, 'Bob');
  const json = { title: 'A first post', content: 'Twenty characters or more of it.' };
  const post = await server.request('POST /posts', { token: ada.token, json });
  await server.request('POST /posts', { token: ada.token, json });

  const tokens = { anyone: undefined, member: ada.token, admin: root.token };
  const asRoot = async (path: string) => (await server.request(`GET ${path}`, { token: root.token })).body;
  return {
    server,
    root,
    ada,
    async send(
      { method, path, who },
      { token = tokens[who as keyof typeof tokens], id, query = '', body, type = 'application/json' } = {},
    ) {
      const target = id ?? String(path.startsWith('/posts') ? post.body.id : bob.id);
      const answer = await shoot(server.url + path.replace('{id}', target) + query, method, token, body, type);
      // A changed password ends the session that it was changed in.
      if (path === '/users/me/password' && answer.status === 200) tokens.member = answer.body.access_token;
      return answer;
    },
    snapshot: async () => ({
      users: await asRoot('/admin/users?limit=100'),
      posts: await asRoot('/posts?limit=100'),
    }),
  };
}

/** By a bare client: thousands of requests take half the time. */
async function shoot(
  url: string,
  method: string,
  token: string | undefined,
  body: Body | undefined,
  type: string,
): Promise<Answer> {
  notes.request({ authorization: token, body });
  const sent = request(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      ...(body !== undefined && type !== '' && { 'content-type': type }),
    },
  }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const headers = new Headers(response.headers as Record<string, string>);
  const received = await text(response);
  notes.answer({ status: response.statusCode ?? 0, url, headers, body: received });
  const isJson = /json/.test(headers.get('Content-Type') ?? '');
  return { status: response.statusCode ?? 0, headers, body: isJson ? JSON.parse(received) : received };
}

const accepted: Readonly<Record<string, readonly [unknown, unknown]>> = {
  name: ['Carl Gauss', 'Carl Gauss'],
  email: ['carl@example.com', 'friedrich@example.com'],
  username: ['ada@example.com', 'ada@example.com'],
  password: ['secret123', 'secret123'],
  current_password: ['secret123', 'newSecret456'],
  new_password: ['newSecret456', 'secret123'],
  new_email: ['gauss@example.com', 'carl.gauss@example.com'],
  // Of no session and no mail: what is refused is refused without them, too.
  refresh_token: ['a token', 'a token'],
  token: ['a token', 'a token'],
  token_type_hint: ['access_token', 'access_token'],
  grant_type: ['password', 'password'],
  age: [30, 30],
  city: ['Paris', 'Paris'],
  title: ['Another title', 'Another title'],
  content: ['Twenty other characters or more.', 'Twenty other characters or more.'],
  published: [true, true],
  role: ['user', 'user'],
  email_verified: [true, true],
  external_id: ['legacy-1777', 'legacy-1855'],
};

/** What one route accepts of a field, where it differs from the others. */
const acceptedByOne: Readonly<Record<string, Readonly<Record<string, readonly [unknown, unknown]>>>> = {
  // An account that logs in exists, and its password is the current one until it is changed.
  'POST /auth/login': { email: ['ada@example.com', 'ada@example.com'] },
  'POST /users/me/email': { current_password: ['secret123', 'secret123'] },
  'POST /admin/users': { email: ['sophie@example.com', 'germain@example.com'] },
  'PATCH /admin/users/{id}': { email: ['bob.moved@example.com', 'bob.moved@example.com'] },
};

/** An input that a route accepts; there are two, of which the second may follow the first. */
export function acceptedBy(route: Route, turn: 0 | 1 = 0): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf(route).map(({ name }) => {
      const value = (acceptedByOne[nameOf(route)]?.[name] ?? accepted[name])?.[turn];
      if (value === undefined) throw new Error(`No value is known for ${name}`);
      return [name, value];
    }),
  );
}
