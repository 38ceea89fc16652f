import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type PgBouncer, startPgBouncer } from '../../../test/pgbouncer.ts';
import { layWire } from '../../../test/wire.ts';
import { createMissingIndexes, joinPg, migrate, openPg, type PgOptions, type Sql } from '../src/index.ts';
import { testContracts } from './store-contracts.ts';

/** As operations.md recommends, so that PgBouncer notices soon that Postgres is back. */
const impatient = ['server_connect_timeout=2', 'server_login_retry=1'];
const unavailable = { name: 'SallyportError', code: 'unavailable' };

let url: string;
let pooler: PgBouncer;
let operator: pg.Client;
beforeAll(async () => {
  ({ url } = await createDatabase());
  pooler = await startPgBouncer(url, 'default_pool_size=3');
  operator = new pg.Client({ connectionString: url });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await pooler.close();
});

const opened: Sql[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

function open(at: string = pooler.url, options?: PgOptions): Sql {
  const database = openPg(at, options);
  opened.push(database);
  return database;
}

async function poolerOfItsOwn(target: string, ...settings: readonly string[]): Promise<PgBouncer> {
  const own = await startPgBouncer(target, ...settings);
  onTestFinished(() => own.close());
  return own;
}

/** What the sessions of this database keep prepared, and the limits that they are left with. */
const leftovers = async (database: Sql) =>
  database.query(sql`
    select (select count(*) from pg_prepared_statements) as prepared,
      (select count(*) from pg_locks join pg_database on pg_database.oid = database
        where datname = current_database() and locktype = 'advisory') as locks,
      (select reset_val from pg_settings where name = 'statement_timeout') as limit_of_session`);

describe('a store behind PgBouncer in transaction mode', () => {
  const poolers: PgBouncer[] = [];
  afterAll(async () => {
    for (const one of poolers) await one.close();
  });
  testContracts(async () => {
    const own = await startPgBouncer((await createDatabase()).url, 'default_pool_size=2');
    poolers.push(own);
    return openPg(own.url);
  });
});

describe('behind PgBouncer in transaction mode', () => {
  const texts = [
    sql`select ${1}::int as a`,
    sql`select ${2}::int as b`,
    sql`select ${3}::int as a, ${'x'}::text as c`,
    sql`select ${'y'}::text as d`,
  ];
  const rows = [{ a: 1 }, { b: 2 }, { a: 3, c: 'x' }, { d: 'y' }];

  it('each statement of several processes gets its own rows, and nothing stays in the sessions', async () => {
    const onPooler = vi.fn<() => void>();
    const processes = [open(pooler.url, { onPooler }), open(pooler.url, { onPooler }), open(pooler.url, { onPooler })];
    const asked = Array.from({ length: 30 }, async (_, client) => {
      const database = processes[client % 3]!;
      for (let n = client; n < client + 20; n += 1) {
        const statement = texts[n % 4]!;
        const [row] = await (n % 5 === 0
          ? database.transaction((queries) => queries.query(statement))
          : database.query(statement));
        expect(row).toEqual(rows[n % 4]);
      }
    });
    await Promise.all(asked);
    expect(onPooler).toHaveBeenCalledTimes(3);
    expect(await leftovers(processes[0]!)).toEqual([{ prepared: 0, locks: 0, limit_of_session: '0' }]);
  });

  it('the limits hold for single statements and for transactions, and for nothing after them', async () => {
    const database = open();
    const limits = sql`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle`;
    const expected = [{ statement: '2s', lock: '1500ms', idle: '10s' }];
    expect(await database.query(limits)).toEqual(expected);
    expect(await database.transaction(({ query }) => query(limits))).toEqual(expected);
    const other = new pg.Client({ connectionString: pooler.url });
    await other.connect();
    onTestFinished(() => other.end());
    expect((await other.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
    await expect(database.query(sql`select pg_sleep(60)`)).rejects.toMatchObject({ cause: { code: '57014' } });
    expect(await database.query(texts[0]!)).toEqual([rows[0]]);
  });

  it('the statements of a host that has its own pool or transaction are not prepared either', async () => {
    const pool = new pg.Pool({ connectionString: pooler.url });
    onTestFinished(() => pool.end());
    const onPool = openPg(pool);
    const client = await pool.connect();
    await client.query('begin');
    const joined = await joinPg(client);
    for (const [n, text] of texts.entries()) {
      expect([await onPool.query(text), await joined.query(text)]).toEqual([[rows[n]], [rows[n]]]);
    }
    expect(await joined.query(sql`select name from pg_prepared_statements`)).toEqual([]);
    await client.query('rollback');
    client.release();
  });

  it('migrations that start at once wait for each other, and leave no lock behind', async () => {
    const own = await poolerOfItsOwn((await createDatabase()).url, 'default_pool_size=4');
    const nodes = Array.from({ length: 4 }, () => open(own.url));
    const steps = await Promise.all(nodes.map((node) => migrate(node)));
    expect(steps.filter((taken) => taken.length > 0)).toHaveLength(1);
    expect(await leftovers(nodes[0]!)).toEqual([{ prepared: 0, locks: 0, limit_of_session: '0' }]);
  });

  it('indexes are not created, and the operator is told to use a direct connection', async () => {
    const { url: direct } = await createDatabase();
    const own = await poolerOfItsOwn(direct);
    const [through, straight] = [open(own.url), open(direct)];
    await migrate(through);
    await straight.query(sql`drop index sallyport.audit_ip`);
    await expect(createMissingIndexes(through)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/^The indexes audit_ip are missing.*run sallyport migrate on a direct connection/),
    });
    expect(await createMissingIndexes(straight)).toEqual(['audit_ip']);
  });
});

describe('a pooler that has trouble', () => {
  /** The outcome of this statement, and whether it took less than three seconds. */
  async function outcome(database: Sql, statement = sql`select 1 as one`) {
    const asked = performance.now();
    const result = await database.query(statement).catch((error: unknown) => error);
    return [result, performance.now() - asked < 3_000];
  }

  it('is unavailable in time while all its sessions are in use, and serves once one is free', async () => {
    const own = await poolerOfItsOwn(url, 'default_pool_size=1');
    const [holder, waiting] = [open(own.url), open(own.url)];
    await holder.transaction(async () => {
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => outcome(waiting)));
      for (const one of outcomes) expect(one).toEqual([expect.objectContaining(unavailable), true]);
      await expect(migrate(waiting)).rejects.toMatchObject(unavailable);
    });
    expect(await waiting.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it('is unavailable when it gives up a wait itself', async () => {
    const own = await poolerOfItsOwn(url, 'default_pool_size=1', 'query_wait_timeout=1');
    const [holder, waiting] = [open(own.url), open(own.url)];
    await holder.transaction(async () => {
      expect(await outcome(waiting)).toEqual([expect.objectContaining(unavailable), true]);
    });
    expect(await waiting.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it.each(['before', 'behind'])('is unavailable in time when the network %s it swallows everything', async (where) => {
    const wire = await layWire(where === 'behind' ? url : pooler.url);
    onTestFinished(() => wire.stop());
    const at = where === 'behind' ? (await poolerOfItsOwn(wire.url, ...impatient)).url : wire.url;
    const database = open(at);
    expect(await outcome(database)).toEqual([[{ one: 1 }], true]);
    wire.fallSilent();
    const outcomes = await Promise.all([outcome(database), outcome(database), outcome(open(at))]);
    for (const one of outcomes) expect(one).toEqual([expect.objectContaining(unavailable), true]);
    await wire.mend();
    await vi.waitFor(async () => expect(await outcome(database)).toEqual([[{ one: 1 }], true]), 10_000);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'that is ended by %s and started again fails requests temporarily, and only meanwhile',
    async (signal) => {
      const own = await poolerOfItsOwn(url);
      const database = open(own.url);
      const wrong: unknown[] = [];
      const over = new AbortController();
      const load = Array.from({ length: 20 }, async (_, n) => {
        while (!over.signal.aborted) {
          const answer = await database
            .query<{ n: number }>(sql`select ${n}::int as n`)
            .catch((error: unknown) => error);
          const isRight = Array.isArray(answer)
            ? answer[0]?.n === n
            : (answer as { code?: unknown }).code === 'unavailable';
          if (!isRight) wrong.push(answer);
          if (!Array.isArray(answer)) await delay(10);
        }
      });
      await delay(200);
      await own.stop(signal);
      await delay(300);
      await own.start();
      await delay(200);
      over.abort();
      await Promise.all(load);
      expect(wrong).toEqual([]);
      expect(await outcome(database)).toEqual([[{ one: 1 }], true]);
    },
  );

  it('that reads its settings again under load fails no request', async () => {
    const own = await poolerOfItsOwn(url, 'default_pool_size=2');
    const database = open(own.url);
    const over = new AbortController();
    const load = Array.from({ length: 10 }, async (_, n) => {
      for (let asked = 0; !over.signal.aborted; asked += 1) {
        expect(await database.query(sql`select ${n}::int as n, ${asked}::int as asked`)).toEqual([{ n, asked }]);
      }
    });
    for (const size of [4, 1, 3, 2]) {
      await own.reload(`default_pool_size=${size}`, 'server_reset_query=DISCARD ALL', 'server_reset_query_always=1');
      await delay(100);
    }
    over.abort();
    await Promise.all(load);
  });
});

describe('other modes', () => {
  it('a pooler in session mode works, as the default and as one that is named', async () => {
    const own = await poolerOfItsOwn((await createDatabase()).url, 'pool_mode=session', 'default_pool_size=6');
    const [found, named] = [open(own.url, { maxConnections: 2 }), open(own.url, { maxConnections: 2, pooler: 'none' })];
    await migrate(found);
    await migrate(named);
    const prepared = sql`select count(*) as prepared from pg_prepared_statements where ${true}`;
    for (const [database, count] of [
      [found, 0],
      [named, 1],
    ] as const) {
      expect(await database.query(prepared)).toEqual([{ prepared: count }]);
    }
    await found.query(sql`drop index sallyport.audit_ip`);
    expect(await createMissingIndexes(named)).toEqual(['audit_ip']);
  });

  it('a pooler in statement mode is refused at the start, in a sentence', async () => {
    const own = await poolerOfItsOwn(url, 'pool_mode=statement');
    await expect(migrate(open(own.url))).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringContaining('statement mode, in which transactions are impossible'),
    });
  });

  // Versions from 1.21 on follow prepared statements by name, so that there nothing breaks.
  it('a pooler that was denied breaks no answer', async () => {
    const own = await poolerOfItsOwn(url, 'default_pool_size=2');
    const database = open(own.url, { pooler: 'none' });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => database.query(sql`select ${n}::int as n, ${n % 2 ? 1 : 2}::int as other`)),
    );
    expect(answers).toEqual(answers.map((_, n) => [{ n, other: n % 2 ? 1 : 2 }]));
  });

  it('a pooler that takes the place of Postgres while the process runs is noticed, and so is the way back', async () => {
    const wire = await layWire(url);
    onTestFinished(() => wire.stop());
    const database = open(wire.url);
    const prepared = sql`select count(*) as prepared from pg_prepared_statements where ${true}`;
    const serves = (count: number) =>
      vi.waitFor(async () => expect(await database.query(prepared)).toEqual([{ prepared: count }]), 10_000);
    await serves(1);
    wire.redirect(pooler.url);
    await serves(0);
    wire.redirect(url);
    await serves(1);
  });
});
