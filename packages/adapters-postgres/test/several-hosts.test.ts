import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { startEmbeddedPostgres } from '../../../test/embedded-postgres.ts';
import type { RunningServer } from '../../../test/runner.ts';
import { layWire, type Wire } from '../../../test/wire.ts';
import { migrate, openPg, type Sql } from '../src/index.ts';

const unavailable = (message: RegExp) => ({
  code: 'unavailable',
  cause: { message: expect.stringMatching(message) },
});

/** A server with the database that all hosts have, reached through a wire. */
interface Host {
  readonly wire: Wire;
  /** Its port, as the server itself tells it. */
  readonly port: number;
  setReadOnly(isReadOnly: boolean): Promise<void>;
}

let second: RunningServer;
let urls: readonly [string, string];
let hosts: readonly [Host, Host];
const opened: Sql[] = [];

beforeAll(async () => {
  second = await startEmbeddedPostgres();
  const { url } = await createDatabase();
  const { pathname, username, password } = new URL(url);
  await on(second.url, `create database ${pg.escapeIdentifier(pathname.slice(1))}`);
  await on(second.url, `alter role ${pg.escapeIdentifier(username)} password ${pg.escapeLiteral(password)}`);
  const other = new URL(url);
  other.host = new URL(second.url).host;
  urls = [url, other.href];
});
afterAll(() => second.stop());

beforeEach(async () => {
  hosts = [await host(urls[0]), await host(urls[1])];
  for (const one of hosts) await one.setReadOnly(false);
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  for (const { wire } of hosts) await wire.stop();
});

async function on(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function host(url: string): Promise<Host> {
  const { port, pathname } = new URL(url);
  const database = pg.escapeIdentifier(pathname.slice(1));
  return {
    wire: await layWire(url),
    port: Number(port),
    async setReadOnly(isReadOnly) {
      const change = isReadOnly ? 'set default_transaction_read_only = on' : 'reset default_transaction_read_only';
      await on(url, `begin read write; alter database ${database} ${change}; commit`);
    },
  };
}

/** A URL with these hosts, in this order. */
function urlOf(...several: readonly Host[]): string {
  const { host: one } = new URL(urls[0]);
  return urls[0].replace(one, several.map(({ wire }) => new URL(wire.url).host).join(','));
}

function open(...several: readonly Host[]): Sql {
  const database = openPg(urlOf(...several));
  opened.push(database);
  return database;
}

/** The port of the server that answers. */
async function answering(database: Sql): Promise<unknown> {
  const [row] = await database.query<{ readonly port: number }>(sql`select inet_server_port() as port`);
  return row?.port;
}

describe('a database with several hosts', () => {
  it('is served by the host that accepts writes, wherever it stands in the URL', async () => {
    const [standby, primary] = hosts;
    await standby.setReadOnly(true);
    for (const order of [
      [standby, primary],
      [primary, standby],
      [standby, standby, primary],
      [primary, primary],
    ]) {
      const database = open(...order);
      expect(await answering(database)).toBe(primary.port);
      await database.transaction(({ query }) => query(sql`create temporary table written () on commit drop`));
      expect(await database.migrating(({ query }) => query(sql`select inet_server_port() as port`))).toEqual([
        { port: primary.port },
      ]);
    }
  });

  it.each(['refuses connections', 'does not answer'])('is served although its first host %s', async (how) => {
    const [gone, primary] = hosts;
    if (how === 'does not answer') gone.wire.fallSilent();
    else await gone.wire.stop();
    expect(await answering(open(gone, primary))).toBe(primary.port);
    await expect(migrate(open(gone, primary))).resolves.toContain('core/0001_baseline');
    await on(urls[1], 'drop schema sallyport cascade');
  });

  it('is unavailable while no host accepts writes, and says why of each', async () => {
    const [standby, gone] = hosts;
    await standby.setReadOnly(true);
    await gone.wire.stop();
    const reason = unavailable(/^No host accepts writes: 127\.0\.0\.1:\d+ .*; 127\.0\.0\.1:\d+ .*$/);
    const database = open(standby, gone);
    await expect(answering(database)).rejects.toMatchObject(reason);
    await expect(migrate(database)).rejects.toMatchObject(reason);
    await expect(answering(database)).rejects.toMatchObject(unavailable(/is read-only/));
    await expect(answering(database)).rejects.toMatchObject(unavailable(/ECONNREFUSED/));
    await gone.wire.mend();
    await expect.poll(() => answering(database)).toBe(gone.port);
  });

  it('is served by the promoted host once the primary is gone', async () => {
    const [primary, standby] = hosts;
    await standby.setReadOnly(true);
    const database = open(primary, standby);
    expect(await Promise.all([answering(database), answering(database)])).toEqual([primary.port, primary.port]);
    await primary.wire.stop();
    await expect(answering(database)).rejects.toMatchObject({ code: 'unavailable' });
    await standby.setReadOnly(false);
    await expect.poll(() => answering(database).catch(() => undefined)).toBe(standby.port);
  });

  it('leaves the former primary, when that comes back as a standby or still accepts writes', async () => {
    const [former, promoted] = hosts;
    const database = open(former, promoted);
    expect(await answering(database)).toBe(former.port);
    await former.setReadOnly(true);
    await former.wire.stop();
    await former.wire.mend();
    const answers = new Set<unknown>();
    const ask = async () => answers.add(await answering(database).catch(() => 'refused'));
    await expect.poll(async () => (await ask()).has(promoted.port), { timeout: 10_000 }).toBe(true);
    for (let request = 0; request < 20; request += 1) await ask();
    answers.delete('refused');
    expect([...answers]).toEqual([promoted.port]);
    await former.setReadOnly(false);
    expect(await answering(database)).toBe(promoted.port);
  });

  it('repeats a write on the promoted host, if the primary has become read-only meanwhile', async () => {
    const [promoted, former] = hosts;
    await promoted.setReadOnly(true);
    const database = open(promoted, former);
    expect(await answering(database)).toBe(former.port);
    await on(urls[1], 'alter system set default_transaction_read_only = on');
    await on(urls[1], 'select pg_reload_conf()');
    await promoted.setReadOnly(false);
    const write = () =>
      database.transaction(async ({ query }) => {
        await query(sql`create temporary table written () on commit drop`);
        return query(sql`select inet_server_port() as port`);
      });
    await expect.poll(write).toEqual([{ port: promoted.port }]);
    expect(await answering(database)).toBe(promoted.port);
    await on(urls[1], 'alter system reset default_transaction_read_only');
    await on(urls[1], 'select pg_reload_conf()');
  });
});
