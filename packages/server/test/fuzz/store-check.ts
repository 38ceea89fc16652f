import { member, type Person, type TestServer } from '../start-server.ts';
import { keeperOf } from './cast.ts';
import type { Ground } from './trial.ts';

/** An account that no request targets. */
export interface Standing {
  readonly person: Person;
  readonly view: string;
}

const viewOf = async ({ request }: TestServer, { token }: Person) =>
  JSON.stringify((await request('GET /users/me', { token })).body);

export async function standingOf(server: TestServer): Promise<Standing> {
  const person = await member(server, 'Bystander', 'a bystander 1');
  return { person, view: await viewOf(server, person) };
}

/** What has happened to the store that no request had a right to. */
export async function wrongWithStore(
  { server, admins, readers }: Ground,
  { person, view }: Standing,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { token } = await keeperOf(server);
  while (await server.application.purgeClosedAccounts.execute(server.system));
  for (let next: string | undefined = '/admin/users?limit=100'; next !== undefined;) {
    const { body, headers } = await server.request(`GET ${next}`, { token });
    for (const { id, role, email_verified: isVerified } of body) {
      if (role === 'admin' && !admins.has(id)) wrong.push(`User ${id} became admin`);
      if (isVerified && !readers.has(id)) wrong.push(`The address of user ${id} was confirmed without its mail`);
    }
    next = /<([^>]+)>/.exec(headers.get('Link') ?? '')?.[1];
  }
  if ((await viewOf(server, person)) !== view) wrong.push('A bystander was changed');
  return wrong;
}
