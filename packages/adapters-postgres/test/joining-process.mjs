/** Creates an account and a row of the host in one transaction, and stops for good at the step that it is told. */
import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { joinPg, openPg, postgresStore } from '@sallyport/adapters-postgres';
import { createApplication } from '@sallyport/core';
import pg from 'pg';

const [url, last] = process.argv.slice(2);

/** Tells the test that a step is done. At the last one, it waits to be killed. */
async function step(name) {
  process.stdout.write(`${name}\n`);
  if (name === last) await new Promise((resolve) => setTimeout(resolve, 60_000));
}

const pool = new pg.Pool({ connectionString: url });
const { application } = createApplication({ ...memoryPorts(), ...postgresStore(openPg(pool)) });
application.events.on('*', ({ type }) => process.stdout.write(`event ${type}\n`));
const client = await pool.connect();
await client.query('begin');
const joined = application.join(postgresStore(await joinPg(client)));
await step('begun');
const { id } = await joined.register.execute({}, { name: 'Ada', email: 'ada@example.com', password: 'secret123' });
await step('registered');
await client.query('insert into customers values ($1)', [id]);
await step('inserted');
await client.query('commit');
await step('committed');
joined.committed();
await step('reported');
