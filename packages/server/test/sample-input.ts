import type { Route } from '@sallyport/http-api';
import { fieldsOf } from './hostile-routes.ts';
import { type Answer, type Person, type TestServer, unusedName } from './start-server.ts';

/** An input for a route, in the names of the wire. */
export interface SampleInput {
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** Whether every field that is asked for could be filled, so that the route must succeed. */
  readonly isComplete: boolean;
}

/** Fields that this person's routes take; their own e-mail and password where those are asked for. */
function samples(route: Route, { email, password, token, refreshToken }: Person): SampleInput['fields'] {
  const own = { email, username: email, password, current_password: password };
  return {
    ...own,
    name: 'Ada Lovelace',
    age: 36,
    new_password: 'newSecret456',
    new_email: `${unusedName().toLowerCase()}@example.com`,
    refresh_token: refreshToken,
    // A token that was mailed is not at hand here.
    ...(route.style === 'oauth' && { token }),
    title: 'Another title',
    content: 'Twenty other characters or more.',
    role: 'user',
    grant_type: 'password',
    city: 'London',
    external_id: unusedName(),
    email_verified: true,
    // A new account, or one that an admin corrects, gets an address of its own.
    ...(takesNewAddress(route) && { email: `${unusedName().toLowerCase()}@example.com` }),
  };
}

const takesNewAddress = ({ path }: Route) => path === '/auth/register' || path.startsWith('/admin/users');

/** What to send to a route, made from its schema: all that it asks for and, of what it leaves open, what there is. */
export function sampleInput(route: Route, person: Person): SampleInput {
  const known = samples(route, person);
  const fields = fieldsOf(route);
  const present = route.method === 'GET' ? [] : fields.filter(({ name }) => name in known);
  return {
    fields: Object.fromEntries(present.map(({ name }) => [name, known[name]!])),
    isComplete: fields.every(({ name, required }) => !required || present.some((field) => field.name === name)),
  };
}

export interface Sample {
  readonly id: number | string | undefined;
  readonly token: string | undefined;
  readonly input: SampleInput;
}

/** Sends it as the route takes it. */
export function sendSample(server: TestServer, route: Route, { id, token, input }: Sample): Promise<Answer> {
  const { fields } = input;
  const methodAndPath = `${route.method} ${route.path.replace('{id}', String(id))}`;
  if (Object.keys(fields).length === 0) return server.request(methodAndPath, { token });
  return server.request(methodAndPath, {
    token,
    ...(route.style === 'oauth' ? { form: fields as Record<string, string> } : { json: fields }),
  });
}
