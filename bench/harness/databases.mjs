import pg from 'pg';
import { parentOf } from './linux.mjs';

let databases = 0;

/** Creates an empty database on the server at this URL, and returns its URL. */
export async function createDatabase(url) {
  databases += 1;
  const name = `bench_${process.pid}_${databases}`;
  await withClient(url, (client) => client.query(`create database ${name}`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** What a reader of figures has to know about the server, and its process. */
export function describePostgres(url) {
  return withClient(url, async (client) => {
    const { rows } = await client.query(`
      select pg_backend_pid() as pid, current_setting('server_version') as version, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as "synchronousCommit"`);
    const [{ pid, ...settings }] = rows;
    return { postmaster: parentOf(pid), ...settings };
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
