import pg from 'pg';
import { parentOf } from './linux.mjs';

/** Creates an empty database on the server at this URL, and returns its URL. */
export async function createDatabase(url, name) {
  await withClient(url, (client) => client.query(`create database "bench ${name}"`));
  const own = new URL(url);
  own.pathname = `/bench ${name}`;
  return own.href;
}

/** What a reader of the figures has to know about the server: its process, version and settings. */
export function describePostgres(url) {
  return withClient(url, async (client) => {
    const show = async (name) => (await client.query(`select current_setting($1) as value`, [name])).rows[0].value;
    const { pid } = (await client.query('select pg_backend_pid() as pid')).rows[0];
    return {
      postmaster: parentOf(pid),
      version: await show('server_version'),
      fsync: await show('fsync'),
      synchronousCommit: await show('synchronous_commit'),
    };
  });
}

async function withClient(url, use) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
