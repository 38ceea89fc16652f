import type { TestServer } from '../start-server.ts';
import { Cast } from './cast.ts';
import { answersIn, type Client, exchange, type Received } from './client.ts';
import { routeOf, wrongWith, wrongWithAny } from './oracle.ts';
import type { Tally } from './report.ts';
import { encode, people, type Plan, type Race, type RawShot, type Sent, type Shot, toBytes } from './shot.ts';
import type { Watch } from './watch.ts';

/** What a trial needs of the server that it is made on. */
export interface Ground {
  readonly server: TestServer;
  readonly client: Client;
  readonly watch: Watch;
  readonly tally: Tally;
  /** Whether limits hold, so that a story may end in a 429. */
  readonly limited: boolean;
  /** Who may be admin, and whose address may be confirmed. */
  readonly admins: Set<number>;
  readonly readers: Set<number>;
}

/** A request with what was wrong with its answer. */
export interface Told {
  readonly bytes: Buffer;
  readonly answer: string;
  readonly wrong: readonly string[];
}

/** A request that can be sent, and what its answer is judged by. */
interface Prepared {
  readonly sent: Sent;
  readonly secrets: readonly string[];
  readonly mayAdminister: boolean;
}

let trials = 0;

/**
 * One plan, carried out by a cast of its own. No other trial on the server has its accounts, its mails or its address,
 * and no request names an id that it was not told.
 */
export class Trial {
  readonly told: Told[] = [];
  readonly #ground: Ground;
  readonly #cast: Cast;
  readonly #address: string;
  #slowed = false;

  /** @param name of the plan, which alone decides what is done */
  constructor(ground: Ground, name: string) {
    trials += 1;
    this.#ground = ground;
    this.#cast = new Cast(ground.server, `t${trials}`, /[02468]$/.test(name));
    // In a network of its own: one network can cause few mails.
    this.#address = `fd00:1:${(trials & 65_535).toString(16)}:${(trials >> 16).toString(16)}::1`;
  }

  async run({ steps }: Plan): Promise<void> {
    for (const step of steps) {
      // After a broken promise, later results mean nothing.
      if (this.told.some(({ wrong }) => wrong.length > 0)) break;
      if ('together' in step) await this.#race(step);
      else if ('chunks' in step) await this.#exchange(step);
      else await this.#send(step, await this.#prepare(step));
    }
    for (const id of this.#cast.admins) this.#ground.admins.add(id);
    for (const id of this.#cast.readers) this.#ground.readers.add(id);
  }

  async #prepare(shot: Shot): Promise<Prepared> {
    const { body, ...rest } = shot;
    const target = await this.#cast.resolve(rest.target);
    const secrets = [...target.secrets];
    const put = async (text: string) => {
      const resolved = await this.#cast.resolve(text);
      secrets.push(...resolved.secrets);
      return resolved.text;
    };
    const headers: [string, string][] = [];
    for (const [name, value] of rest.headers) headers.push([name, await put(value)]);
    if (this.#ground.limited) headers.push(['X-Forwarded-For', this.#address]);
    const text = body && (await put(body.text));
    const sent = {
      ...rest,
      target: target.text,
      headers,
      ...(body && text !== undefined && { text, body: encode(text, body.coding) }),
    };
    return { sent, secrets, mayAdminister: await this.#mayAdminister(shot) };
  }

  async #mayAdminister({ caller }: Shot): Promise<boolean> {
    if (!people.includes(caller as 'ada')) return false;
    const { text: id } = await this.#cast.resolve(`⟦${caller}.id⟧`);
    return this.#cast.admins.has(Number(id)) || this.#ground.admins.has(Number(id));
  }

  async #send(shot: Shot, { sent, secrets, mayAdminister }: Prepared): Promise<Received | undefined> {
    const { client, watch, tally, limited } = this.#ground;
    try {
      const answer = await client.send(sent);
      tally.count(shot.kind, answer.status, routeOf(sent.method, sent.target), shot.plain);
      if (limited && answer.status === 429) this.#slowed = true;
      const { expect: _, ...unexpectant } = sent;
      // A caller stopped by a limit is not where the story expects them.
      const wrong = wrongWith(this.#slowed ? unexpectant : sent, answer, { secrets, mayAdminister });
      this.#tell(toBytes(sent), inShort(answer), [...wrong, ...watch.logged(answer.headers.get('X-Request-Id'))]);
      await this.#learn(shot, sent, answer);
      return answer;
    } catch (error) {
      tally.count(shot.kind, 0);
      this.#tell(toBytes(sent), '', [`has no answer: ${String(error)}`]);
      return undefined;
    }
  }

  /** What follows from an answer: for the cast, and for who may be admin. */
  async #learn({ learn }: Shot, { method, target, text = '' }: Sent, { status, body }: Received): Promise<void> {
    if (status >= 300) return;
    if (learn) await this.#cast.learnOf(learn.who, learn.what, body);
    const route = routeOf(method, target);
    if (route?.who !== 'admin' || !['POST', 'PATCH'].includes(method)) return;
    // What an admin creates or corrects may be verified and an admin, if the request says so.
    if (text.includes('role') && body.role === 'admin') this.#ground.admins.add(body.id);
    if (text.includes('email_verified') && body.email_verified === true) this.#ground.readers.add(body.id);
  }

  async #race({ together, once = false }: Race): Promise<void> {
    const ready = [];
    for (const shot of together) ready.push([shot, await this.#prepare(shot)] as const);
    const answers = await Promise.all(ready.map(([shot, prepared]) => this.#send(shot, prepared)));
    const winners = answers.filter((answer) => answer && answer.status < 300).length;
    if (once && !this.#slowed && winners !== 1) this.#tell(Buffer.alloc(0), '', [`has ${winners} winners`]);
  }

  async #exchange({ chunks, answers: expected, refused = false, breaksOff, kind }: RawShot): Promise<void> {
    const bytes: string[] = [];
    for (const chunk of chunks) bytes.push((await this.#cast.resolve(chunk)).text);
    const parting = breaksOff ?? (expected === undefined ? 'end' : undefined);
    const { text, isCutOff } = await exchange(this.#ground.server.url, bytes, parting);
    // Of answers that were broken off nothing can be said.
    const { wrong, statuses } = isCutOff ? { wrong: [], statuses: [] } : judgeRaw(text, expected, refused);
    for (const status of statuses) this.#ground.tally.answered(status);
    this.#ground.tally.sent(kind);
    this.#tell(Buffer.from(bytes.join(''), 'latin1'), text ?? '', wrong);
  }

  #tell(bytes: Buffer, answer: string, wrong: readonly string[]): void {
    this.told.push({ bytes, answer, wrong });
  }
}

const inShort = ({ status, headers, text }: Received) =>
  `${status} ${headers.get('Content-Type') ?? ''} ${text.slice(text.lastIndexOf('\n') + 1)}`;

function judgeRaw(
  text: string | undefined,
  expected: number | undefined,
  refused: boolean,
): { wrong: readonly string[]; statuses: readonly number[] } {
  if (text === undefined) return { wrong: ['leaves the connection open'], statuses: [] };
  try {
    const answers = answersIn(text);
    const statuses = answers.map(({ status }) => status);
    const wrong = answers.flatMap((answer) => wrongWithAny(answer));
    if (expected !== undefined && answers.length !== expected)
      wrong.push(`has ${answers.length} answers for ${expected}`);
    if (refused && ![400, 408, 413, 431, 501].includes(statuses.at(-1) ?? 0))
      wrong.push(`is answered ${statuses.join(', ')} and not refused`);
    if (refused && answers.at(-1)?.headers.get('Connection') !== 'close') wrong.push('is refused without hanging up');
    return { wrong, statuses };
  } catch (error) {
    return { wrong: [String(error)], statuses: [] };
  }
}
