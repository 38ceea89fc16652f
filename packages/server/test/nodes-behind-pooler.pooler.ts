import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type PgBouncer, startPgBouncer } from '../../../test/pgbouncer.ts';
import { eachInADirectory } from './sallyport-process.ts';

const { serve, end } = eachInADirectory();
const requests = Number(process.env['POOLER_REQUESTS']);
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

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: any;
}

async function ask(url: string, route: string, address: string, token?: string, json?: object): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      'x-forwarded-for': address,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(json && { 'content-type': 'application/json' }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

/** A member who sends requests to all nodes, and knows what belongs into the answers. */
class Client {
  readonly #number: number;
  readonly #urls: readonly string[];
  readonly #credentials: { readonly email: string; readonly password: string };
  readonly #name: string;
  id = 0;
  #token = '';
  #refreshToken = '';
  #asked = 0;
  readonly #posts: number[] = [];

  constructor(number: number, urls: readonly string[]) {
    this.#number = number;
    this.#urls = urls;
    this.#name = `Person ${number}`;
    this.#credentials = { email: `person${number}@example.com`, password: `secret of person ${number}` };
  }

  /** One of the member's addresses, and one node after the other. */
  ask(route: string, json?: object, token = this.#token): Promise<Answer> {
    this.#asked += 1;
    const url = this.#urls[this.#asked % this.#urls.length]!;
    return ask(url, route, `198.51.${this.#number}.${this.#asked % 10}`, token, json);
  }

  async register(): Promise<void> {
    const json = { ...this.#credentials, name: this.#name, age: 20 + this.#number };
    const { body } = await this.ask('POST /auth/register', json, '');
    this.id = body.id;
    if (!(await this.#logIn())) throw new Error('The login was refused');
  }

  /** Sends the next request of a mixture, and returns whether the answer is the right one for this member. */
  async next(n: number, others: readonly Client[]): Promise<boolean> {
    if (n % 250 === 0) return this.#logIn();
    switch (n % 10) {
      case 0:
        return this.#refresh();
      case 1:
        return this.#write(n);
      case 2: {
        const city = `City ${this.#number} of ${n}`;
        const { status, body } = await this.ask('PATCH /users/me', { city });
        return status === 200 && body.id === this.id && body.city === city;
      }
      case 3: {
        const { status, body } = await this.ask('GET /posts/my?limit=5');
        return status === 200 && body.every((post: any) => post.author_id === this.id);
      }
      case 4: {
        const post = this.#posts.at(-1);
        if (post === undefined) return this.#write(n);
        const { status, body } = await this.ask(`GET /posts/${post}`);
        return status === 200 && body.id === post && body.author.id === this.id;
      }
      case 5: {
        const other = others[n % others.length]!;
        const { status, body } = await this.ask(`GET /users/${other.id}`);
        return status === 200 && body.id === other.id && body.name === other.#name;
      }
      case 6: {
        const { status, body } = await this.ask('GET /users/me/sessions');
        return status === 200 && body.length >= 1 && body.filter((one: any) => one.current).length === 1;
      }
      case 7:
        return (await this.ask('GET /posts?limit=3', undefined, '')).status === 200;
      default: {
        const { status, body } = await this.ask('GET /users/me');
        return status === 200 && body.id === this.id && body.email === this.#credentials.email;
      }
    }
  }

  async #logIn(): Promise<boolean> {
    return this.#accept(await this.ask('POST /auth/login', this.#credentials, ''));
  }

  async #refresh(): Promise<boolean> {
    return this.#accept(await this.ask('POST /auth/refresh', { refresh_token: this.#refreshToken }, ''));
  }

  #accept({ status, body }: Answer): boolean {
    if (status !== 200 || body.user.id !== this.id) return false;
    [this.#token, this.#refreshToken] = [body.access_token, body.refresh_token];
    return true;
  }

  async #write(n: number): Promise<boolean> {
    const title = `Post ${n} of person ${this.#number}`;
    const { status, body } = await this.ask('POST /posts', { title, content: 'Weaves algebraical patterns.' });
    if (status !== 201 || body.author_id !== this.id || body.title !== title) return false;
    this.#posts.push(body.id);
    return true;
  }
}

async function clientsOf(urls: readonly string[], count: number): Promise<readonly Client[]> {
  const clients = Array.from({ length: count }, (_, n) => new Client(n, urls));
  for (const client of clients) await client.register();
  return clients;
}

describe('two nodes behind PgBouncer in transaction mode', () => {
  it('give each client its own answers, in a mixture of requests', { timeout: 60_000 + requests * 20 }, async () => {
    const { nodes, urls } = await twoNodes();
    const clients = await clientsOf(urls, 24);
    let sent = 0;
    const wrong: string[] = [];
    const started = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (sent < requests) {
          const n = (sent += 1);
          if (!(await client.next(n, clients))) wrong.push(`request ${n} of member ${client.id}`);
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
