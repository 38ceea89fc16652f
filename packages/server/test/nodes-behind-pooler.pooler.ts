import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type PgBouncer, startPgBouncer } from '../../../test/pgbouncer.ts';
import { MixingClient } from './mixing-client.ts';
import { eachInADirectory } from './sallyport-process.ts';

const { serve, end } = eachInADirectory();
const requests = Number(process.env['POOLER_REQUESTS']);
/** Each member may write 300 posts an hour. */
const members = Math.max(24, Math.ceil(requests / 2_000));
const secret = 'a secret key for tests, long enough';

let direct: string;
let pooler: PgBouncer;
beforeEach(async () => {
  ({ url: direct } = await createDatabase());
  pooler = await startPgBouncer(direct, 'default_pool_size=6');
});
afterEach(() => pooler.close());

const environment = (url = pooler.url) => ({
  DATABASE_URL: url,
  SECRET_KEY: secret,
  RATE_LIMITS: 'on',
  LOGIN_RATE_LIMIT: '1000/second',
  TRUST_PROXY: '127.0.0.1',
});

/** Two nodes that start at once on an empty database. */
async function twoNodes() {
  const nodes = [serve(environment()), serve(environment())];
  return { nodes, urls: await Promise.all(nodes.map(({ url }) => url)) };
}

async function clientsOf(urls: readonly string[], count: number): Promise<readonly MixingClient[]> {
  const clients = Array.from({ length: count }, (_, n) => new MixingClient(n, urls));
  for (const client of clients) await client.register();
  return clients;
}

describe('two nodes behind PgBouncer in transaction mode', () => {
  it('give each client its own answers, in a mixture of requests', { timeout: 60_000 + requests * 20 }, async () => {
    const { nodes, urls } = await twoNodes();
    const clients = await clientsOf(urls, members);
    let sent = 0;
    const wrong: string[] = [];
    const started = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (sent < requests) {
          const n = (sent += 1);
          if (!(await client.next(n, clients))) wrong.push(`member ${client.id}, ${client.last}`);
        }
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${sent} requests of ${clients.length} members to two nodes behind PgBouncer in ${seconds.toFixed(0)} s: ` +
        `${wrong.length} wrong answers`,
    );
    expect(wrong).toEqual([]);

    const operator = new pg.Client({ connectionString: direct, options: '-c search_path=sallyport' });
    await operator.connect();
    // The nodes migrated at once.
    const { rows: steps } = await operator.query('select name from sallyport_core_migrations');
    expect(steps.length).toBe(new Set(steps.map(({ name }) => name)).size);
    expect((await operator.query('select from signing_keys')).rowCount).toBe(1);
    await operator.end();
    for (const node of nodes) {
      const { code, log } = await node.stop();
      expect(code).toBe(0);
      expect(log.filter(({ msg }) => msg.includes('behind a pooler'))).toHaveLength(1);
    }
  });

  it('refuse temporarily while PgBouncer is gone, blame no client, and serve again after it is back', async () => {
    const { nodes, urls } = await twoNodes();
    const clients = await clientsOf(urls, 8);
    const answers: { phase: string; status: number; retryAfter: string | null; ms: number }[] = [];
    let phase = 'well';
    const over = new AbortController();
    const load = clients.map(async (client) => {
      for (; !over.signal.aborted; await delay(20)) {
        const [asked, at] = [phase, performance.now()];
        const { status, retryAfter } = await client.ask('GET /users/me');
        const ms = performance.now() - at;
        answers.push({ phase: asked === phase ? asked : 'between', status, retryAfter, ms });
      }
    });
    const enter = async (next: string, milliseconds: number) => {
      phase = next;
      await delay(milliseconds);
    };
    await enter('well', 500);
    phase = 'going';
    await pooler.stop();
    await enter('gone', 1_000);
    phase = 'coming back';
    await pooler.start();
    await delay(2_000);
    await enter('back', 500);
    over.abort();
    await Promise.all(load);
    const during = (...phases: string[]) => answers.filter((answer) => phases.includes(answer.phase));
    expect(during('well', 'back').filter(({ status }) => status !== 200)).toEqual([]);
    expect(during('gone').filter(({ status, retryAfter }) => status !== 503 || !Number(retryAfter))).toEqual([]);
    expect(answers.filter(({ status, ms }) => ![200, 503].includes(status) || ms > 3_000)).toEqual([]);
    expect(Math.min(...['well', 'gone', 'back'].map((name) => during(name).length))).toBeGreaterThan(0);
    for (const node of nodes) expect((await node.stop()).code).toBe(0);
  });
});

describe('the command line', () => {
  it.each([['serve'], ['migrate']])('%s refuses a pooler in statement mode in a sentence', async (command) => {
    await pooler.reload('pool_mode=statement');
    const { code, stderr } = await end([command], environment());
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^The pooler .* statement mode, in which .*\n$/)]);
  });

  it('migrate says that missing indexes take a direct connection', async () => {
    expect((await end(['migrate'], environment())).code).toBe(0);
    const operator = new pg.Client({ connectionString: direct });
    await operator.connect();
    await operator.query('drop index sallyport.audit_ip');
    await operator.end();
    const { code, stderr } = await end(['migrate'], environment());
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^The indexes audit_ip are missing.*direct connection/)]);
    expect((await end(['migrate'], environment(direct))).stderr).toBe('Created indexes: audit_ip\n');
  });
});
