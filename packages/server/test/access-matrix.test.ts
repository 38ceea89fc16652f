import type { Route } from '@sallyport/http-api';
import { routes } from './server-routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, problemOf } from './problem.ts';
import { type SampleInput, sampleInput, sendSample } from './sample-input.ts';
import {
  admin,
  type Answer,
  anotherAdmin,
  invitee,
  member,
  type Person,
  sessionOf,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

/** Every kind of caller; the owner is the user or the author of the post that the path names. */
const callers = ['anonymous', 'member', 'owner', 'admin', 'deactivated', 'logged out', 'deleted', 'bad token'] as const;
type Caller = (typeof callers)[number];

type Target = 'published' | 'draft';

/** Where it matters whose the thing is: what those get who are let in, but do not own it. A draft they may not even see. */
const ownerRules: Readonly<Record<string, Readonly<Record<Target, string>>>> = {
  'GET /posts/{id}': { published: 'let in', draft: '404 Post not found' },
  'PATCH /posts/{id}': { published: '403 Not authorized to update this post', draft: '404 Post not found' },
  'DELETE /posts/{id}': { published: '403 Not authorized to delete this post', draft: '404 Post not found' },
};

/** Routes whose path names the caller's own things. Here an admin is a stranger too. */
const ownSession = 'DELETE /users/me/sessions/{id}';

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const named = routes.map((route) => [nameOf(route), route] as const);

/** What a route must say to a caller because of who they are. */
function expected(route: Route, caller: Caller, target: Target): string {
  // The input names the account: a token is ignored there.
  if (route.bearer === 'ignored') return 'let in';
  const isOwnSession = nameOf(route) === ownSession;
  const toStrangers = isOwnSession ? '404 Session not found' : (ownerRules[nameOf(route)]?.[target] ?? 'let in');
  const isOptional = route.bearer === 'optional';
  const toMembers = route.who === 'admin' ? '403 Admin access required' : undefined;
  const answers: Record<Caller, string> = {
    anonymous: isOptional ? toStrangers : '401 Not authenticated',
    member: toMembers ?? toStrangers,
    owner: toMembers ?? 'let in',
    admin: isOwnSession ? toStrangers : 'let in',
    // Where the token is optional, one that authenticates no member makes its bearer an anonymous reader.
    deactivated: isOptional ? toStrangers : '403 Account is deactivated',
    'logged out': isOptional ? toStrangers : '401 Invalid or expired token',
    deleted: isOptional ? toStrangers : '401 User no longer exists',
    'bad token': isOptional ? toStrangers : '401 Invalid or expired token',
  };
  return answers[caller];
}

/** Whether an id in the path, if there is one, is a post's, a user's or a session's. */
const hasKnownTarget = ({ path }: Route) =>
  !path.includes('{') || /^((\/admin)?\/(users|posts)|\/users\/me\/sessions)\/\{id\}/.test(path);

/** What it did say. Where the input had to be guessed, whatever is said of that counts as let in. */
function verdictOf(answer: Answer, route: Route, { isComplete }: SampleInput): string {
  const { status } = answer;
  const wasGuessed = !isComplete || !hasKnownTarget(route);
  if (status === route.status || (wasGuessed && ![401, 403, 500, 503].includes(status))) return 'let in';
  return status === 401 ? `401 ${challengeOf(answer)}` : problemOf(answer).join(' ');
}

describe.each(storeOfEachAdapter)('on %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const request: TestServer['request'] = (...args) => server.request(...args);

  /** Callers that no route admits are kept; the others are new each time, since requests change them. */
  const outsiders = new Map<Caller, Partial<Person>>([['anonymous', {}]]);

  async function come(caller: Caller): Promise<Partial<Person>> {
    const outsider = outsiders.get(caller);
    if (outsider) return outsider;
    if (caller === 'admin') return anotherAdmin(server, root);
    const person = await member(server);
    const { token } = person;
    if (caller === 'member' || caller === 'owner') return person;
    if (caller === 'deactivated') await request('PATCH /users/me/deactivate', { token });
    if (caller === 'logged out') await request('POST /auth/logout', { token });
    if (caller === 'deleted') await request('DELETE /users/me', { token });
    outsiders.set(caller, caller === 'bad token' ? { token: `${token}x` } : { token });
    return come(caller);
  }

  /** The id of what the path names, which is this owner's. */
  async function targetOf({ path }: Route, { id, token }: Person, target: Target): Promise<number | string> {
    if (path.startsWith('/users/me/sessions')) return sessionOf(token);
    if (path.endsWith('/invitation')) return (await invitee(server, root)).id;
    if (!path.startsWith('/posts')) return id;
    const json = { title: 'A first post', content: 'Twenty characters or more of it.' };
    const post = await request('POST /posts', { token, json });
    if (target === 'published') await request(`PATCH /posts/${post.body.id}`, { token, json: { published: true } });
    return post.body.id;
  }

  async function meet(route: Route, caller: Caller, target: Target): Promise<string> {
    const person = await come(caller);
    const hasTarget = route.path.includes('{id}');
    const owner = caller === 'owner' ? (person as Person) : await member(server);
    const id = hasTarget ? await targetOf(route, owner, target) : undefined;
    const input = sampleInput(route, owner);
    return verdictOf(await sendSample(server, route, { id, token: person.token, input }), route, input);
  }

  describe.each(named)('%s', (_, route) => {
    it.each(callers)('meets the %s caller', async (caller) => {
      expect(await meet(route, caller, 'published')).toBe(expected(route, caller, 'published'));
    });
  });

  describe.each(named.filter(([name]) => name in ownerRules))('%s of a draft', (_, route) => {
    it.each(callers)('meets the %s caller', async (caller) => {
      expect(await meet(route, caller, 'draft')).toBe(expected(route, caller, 'draft'));
    });
  });
});

it('no owner rule is for a route that is not there', () => {
  expect(routes.map(nameOf)).toEqual(expect.arrayContaining([...Object.keys(ownerRules), ownSession]));
});
