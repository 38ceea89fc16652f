import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parts, replace } from '../../src/index.ts';
import { type Person, type Store, startServer, type TestServer } from '../start-server.ts';
import { keeperOf } from './cast.ts';
import { Client } from './client.ts';
import { anyPlan } from './plans.ts';
import { type Failure, type Report, Tally } from './report.ts';
import { countShots, type Plan } from './shot.ts';
import { standingOf, wrongWithStore } from './store-check.ts';
import { type Ground, type Told, Trial } from './trial.ts';
import { Watch } from './watch.ts';

export interface FuzzOptions {
  readonly store: Store;
  readonly requests: number;
  readonly seed: number;
  /** The one trial to run again, or all of one server, as a failure names it. */
  readonly trial?: string;
  /** Plants a fault in the server or before it. */
  readonly plant?: (server: TestServer) => Promise<TestServer>;
  /** After how many failures enough is known; 5 if absent. */
  readonly enough?: number;
  /** Milliseconds for making a failure smaller; half a minute if absent. */
  readonly shrinkFor?: number;
}

/** How many requests one server gets: the next one starts with an empty store, under other rules. */
const perServer = 2_500;

/** Plans under way at a time. */
const lanes = 4;

const rules: readonly Record<string, string>[] = [
  {},
  { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' },
  { USER_DIRECTORY: 'admins', CORS_ORIGINS: 'https://app.example.com' },
];

/** Sends about so many requests to servers of this store, and judges each answer. */
export async function fuzz(options: FuzzOptions): Promise<Report> {
  const started = performance.now();
  const run = new Run(options);
  const { trial } = options;
  // A trial is found wherever it was, however many requests there were.
  const requests = trial === undefined ? options.requests : (Number.parseInt(trial, 10) + 1) * perServer;
  for (let index = 0; index * perServer < requests && !run.isOver; index += 1) {
    if (isWanted(String(index), trial)) await run.onServer(index, Math.min(perServer, requests - index * perServer));
  }
  return { ...run.outcome(), seconds: (performance.now() - started) / 1000 };
}

/** A normal login, from an address whose limits are unused. */
async function loginFromElsewhere({ request }: TestServer, { email, password }: Person): Promise<void> {
  const headers = { 'X-Forwarded-For': '192.0.2.1' };
  const { status } = await request('POST /auth/login', { json: { email, password }, headers });
  if (status !== 200) throw new Error(`Login answered ${status}`);
}

/** Whether a trial, or some of what its name begins, is to be run. */
const isWanted = (name: string, wanted: string | undefined) =>
  wanted === undefined || `${wanted}.`.startsWith(`${name}.`) || `${name}.`.startsWith(`${wanted}.`);

/** What failed, before it is repeated. */
type Found = Omit<Failure, 'isReproduced'>;

/** The plans of a lane, and what failed. */
interface Lane {
  readonly digest: string;
  readonly failures: readonly Found[];
}

class Run {
  readonly #options: FuzzOptions;
  readonly #tally = new Tally();
  readonly #failures: Failure[] = [];
  readonly #digest = createHash('sha256');

  constructor(options: FuzzOptions) {
    this.#options = options;
  }

  get #enough(): number {
    return this.#options.enough ?? 5;
  }

  get isOver(): boolean {
    return this.#failures.length >= this.#enough;
  }

  outcome(): Omit<Report, 'seconds'> {
    const [tally, failures] = [this.#tally, this.#failures];
    return { requests: tally.total, digest: this.#digest.digest('hex'), tally, failures };
  }

  /** Makes so many requests to a server, and then repeats what failed. */
  async onServer(index: number, requests: number): Promise<void> {
    const found = await this.#onGround(index, this.#tally, async (ground) => {
      const made = await this.#inLanes(index, requests, ground);
      for (const { digest } of made) this.#digest.update(digest);
      return made.flatMap(({ failures }) => failures);
    });
    for (const failure of found) this.#failures.push(await this.#repeated(index, requests, failure));
  }

  /** Runs `use` on a server of its own, and returns what it finds and what else was wrong with the server. */
  async #onGround(
    index: number,
    tally: Tally,
    use: (ground: Ground) => Promise<readonly Found[]>,
  ): Promise<readonly Found[]> {
    const { store, plant } = this.#options;
    const watch = new Watch();
    const environment = rules[index % rules.length] ?? {};
    const started = await startServer(store, { environment, overrides: [replace(parts.log, watch.log)] });
    const server = (await plant?.(started)) ?? started;
    const client = new Client(server.url);
    const found: Found[] = [];
    const wrong: string[] = [];
    try {
      const keeper = await keeperOf(server);
      const [admins, readers] = [new Set([keeper.id]), new Set([keeper.id])];
      const limited = 'RATE_LIMITS' in environment;
      const ground: Ground = { server, client, watch, tally, limited, admins, readers };
      const standing = await standingOf(server);
      found.push(...(await use(ground)));
      wrong.push(...(await wrongWithStore(ground, standing)));
      await loginFromElsewhere(server, keeper);
      if ((await server.request('GET /health/live')).status !== 200) wrong.push('The server does not live');
    } catch (error) {
      wrong.push(`The server does not serve any more: ${String(error)}`);
    } finally {
      client.close();
      await server.close();
      wrong.push(...watch.end());
    }
    return wrong.length === 0 ? found : [...found, { trial: String(index), what: wrong.slice(0, 10), told: [] }];
  }

  /** One plan after the other, until they make so many requests; the digest of them all. */
  async #inLane(name: string, requests: number, ground: Ground): Promise<Lane> {
    const digest = createHash('sha256');
    const failures: Found[] = [];
    let planned = 0;
    const isOver = () => this.#failures.length + failures.length >= this.#enough || ground.watch.isAlarmed;
    for (let number = 0; planned < requests && !isOver(); number += 1) {
      const trial = `${name}.${number}`;
      if (!isWanted(trial, this.#options.trial)) continue;
      const { plan, failure } = await this.#try(trial, ground);
      digest.update(JSON.stringify(plan));
      planned += countShots(plan);
      if (failure) failures.push(failure);
      if (trial === this.#options.trial) break;
    }
    return { digest: digest.digest('hex'), failures };
  }

  #inLanes(index: number, requests: number, ground: Ground): Promise<readonly Lane[]> {
    const share = Math.ceil(requests / lanes);
    const all = Array.from({ length: lanes }, (_, lane) => `${index}.${lane}`);
    const names = all.filter((name) => isWanted(name, this.#options.trial));
    return Promise.all(names.map((name) => this.#inLane(name, share, ground)));
  }

  /** Repeats what failed, on a server of its own: a trial alone, and smaller and smaller; or all trials of a server. */
  async #repeated(index: number, requests: number, failure: Found): Promise<Failure> {
    const { trial } = failure;
    const repeated = await this.#onGround(index, new Tally(), async (ground) => {
      if (trial === String(index))
        return (await this.#inLanes(index, requests, ground)).flatMap((lane) => lane.failures);
      const { failure: smaller } = await this.#try(trial, ground, this.#options.shrinkFor ?? 30_000);
      return smaller ? [smaller] : [];
    });
    const again = repeated.find((one) => one.trial === trial);
    return { ...(again ?? failure), isReproduced: again !== undefined };
  }

  /** Carries out the plan of this name, and if something is wrong, smaller ones for so many milliseconds. */
  async #try(trial: string, ground: Ground, shrinkFor = 0): Promise<{ readonly plan: Plan; readonly failure?: Found }> {
    const seed = createHash('sha256').update(`${this.#options.seed} ${trial}`).digest().readInt32BE();
    let whole: Plan | undefined;
    let told: readonly Told[] = [];
    let deadline = Infinity;
    const property = fc.asyncProperty(anyPlan, async (plan: Plan) => {
      whole ??= plan;
      if (performance.now() > deadline) return;
      const attempt = new Trial(ground, trial);
      await attempt.run(plan);
      if (attempt.told.every(({ wrong }) => wrong.length === 0)) return;
      told = attempt.told;
      deadline = Math.min(deadline, performance.now() + shrinkFor);
      throw new Error('An answer is wrong');
    });
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, endOnFailure: shrinkFor === 0 });
    if (!whole) throw new Error('Nothing was planned');
    return { plan: whole, ...(failed && { failure: { trial, what: [String(errorInstance)], told } }) };
  }
}
