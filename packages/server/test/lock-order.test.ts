import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { admin, anotherAdmin, member, type Person, startServer, type TestServer } from './start-server.ts';

const rounds = 15;
const newPassword = 'newSecret456';

/** Those who lock rows in different orders wait for each other until Postgres ends one of them. */
describe('simultaneous changes of one account on Postgres', () => {
  let url: string;
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    ({ url } = await createDatabase());
    server = await startServer('Postgres', { environment: { DATABASE_URL: url } });
    root = await admin(server);
  });

  /** Every change of an account, by all callers, at once. */
  async function everything(person: Person): Promise<number[]> {
    const { id, email, password, token, refreshToken } = person;
    const [asThem, asRoot] = [{ token }, { token: root.token }];
    const current = { current_password: password };
    await server.request('POST /auth/forgot-password', { json: { email } });
    await server.request('POST /users/me/email', { ...asThem, json: { new_email: `new.${email}`, ...current } });
    await server.sendMails();
    const link = (address: string, kind: Parameters<typeof server.mailbox.tokenFor>[1]) => ({
      token: server.mailbox.tokenFor(address, kind),
    });
    await server.request('POST /auth/verify-email/resend', asThem);
    await server.request('POST /auth/forgot-password', { json: { email } });
    const reset = { ...link(email, 'reset-password'), new_password: newPassword };
    const answers = await Promise.all([
      server.request('POST /auth/reset-password', { json: reset }),
      server.request('PATCH /users/me/password', { ...asThem, json: { ...current, new_password: newPassword } }),
      server.request('POST /auth/verify-email', { json: link(`new.${email}`, 'change-email') }),
      server.request('POST /auth/verify-email', { json: link(email, 'verify-email') }),
      server.request('POST /users/me/email', { ...asThem, json: { new_email: `other.${email}`, ...current } }),
      server.request('POST /auth/login', { json: { email, password } }),
      server.request('POST /auth/refresh', { json: { refresh_token: refreshToken } }),
      server.request('DELETE /users/me/sessions', asThem),
      server.request(`DELETE /admin/users/${id}/sessions`, asRoot),
      server.request(`PATCH /admin/users/${id}/role`, { ...asRoot, json: { role: 'admin' } }),
      server.request(`PATCH /admin/users/${id}/deactivate`, asRoot),
      server.request(`POST /admin/users/${id}/password-reset`, asRoot),
      server.sendMails().then(() => ({ status: 200 })),
      server.request(`DELETE /admin/users/${id}`, asRoot),
    ]);
    return answers.map(({ status }) => status);
  }

  it('never waits in a circle', async () => {
    const statuses: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const people = [await member(server), await anotherAdmin(server, root)];
      statuses.push(...(await Promise.all(people.map(everything))).flat());
    }
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(new Set(statuses)).toContain(204);
    // Connections tell of their deadlocks at the latest when they end.
    await server.close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select deadlocks from pg_stat_database where datname = current_database()');
    await client.end();
    expect(rows).toEqual([{ deadlocks: '0' }]);
  });
});
