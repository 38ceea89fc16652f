import { Mailbox, ManualClock, PlainPasswordHasher } from '@sallyport/adapters-memory/testing';
import type { Mailer } from '@sallyport/core';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ports, replace } from '../src/index.ts';
import { login, member, type Person, type RequestOptions, startServer, type TestServer } from './start-server.ts';

/** What was done meanwhile: statements to Postgres and passwords hashed or verified, in order. */
const done: string[] = [];

class WitnessedHasher extends PlainPasswordHasher {
  override hash(password: string): Promise<string> {
    done.push('hash');
    return super.hash(password);
  }

  override verify(password: string, hash: string | undefined): Promise<boolean> {
    done.push('verify');
    return super.verify(password, hash);
  }
}

const mailbox = new Mailbox();
const toMailbox: Mailer['send'] = (mail) => mailbox.send(mail);
let mailer = toMailbox;
const clock = new ManualClock();
let server: TestServer;
let verified: Person;
let unverified: Person;
let inactive: Person;
/** Another member, who is logged in. */
let reader: Person;
let all: string[];

beforeAll(async () => {
  const { query } = pg.Client.prototype;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...input: any[]): any {
    done.push(input[0].text ?? input[0]);
    return Reflect.apply(query, this, input);
  });
  server = await startServer('Postgres', {
    environment: { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' },
    overrides: [replace(ports.hasher, new WitnessedHasher()), replace(ports.mailer, { send: (mail) => mailer(mail) })],
    clock,
  });
  verified = await member(server);
  await server.sendMails();
  const token = mailbox.tokenFor(verified.email, 'verify-email') ?? '';
  await server.application.verifyEmail.execute({}, { token });
  // At once, so that as many connections are open as a request may use.
  [unverified, inactive, reader] = await Promise.all([member(server), member(server), member(server)]);
  await server.request('PATCH /users/me/deactivate', { token: inactive.token });
  all = [verified.email, unverified.email, inactive.email, 'nobody@example.com'];
});
afterAll(async () => {
  await server.close();
  vi.restoreAllMocks();
});
// Each test has windows of its own.
beforeEach(() => clock.advance(3600));

const from = (ip: string) => ({ 'x-forwarded-for': ip });
/** Addresses in networks of their own. */
const [home, elsewhere, office] = ['203.0.113.1', '192.0.2.1', '198.18.0.1'];

type Ask = readonly [methodAndPath: string, options: RequestOptions];

/** All that can be seen of a request from outside, its id and the time aside, and all that was done for it. */
async function trace([methodAndPath, options]: Ask) {
  done.length = 0;
  const { status, headers, body } = await server.request(methodAndPath, { headers: from(elsewhere), ...options });
  return {
    status,
    headers: [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    body: { ...body, instance: undefined },
    done: [...done],
  };
}

/** The traces of so many requests for each address, which are the same for all. */
async function sameForAll(addresses: readonly string[], askFor: (email: string) => Ask, times = 1) {
  const byAddress = [];
  for (const email of addresses) {
    const traces = [];
    for (let time = 0; time < times; time += 1) traces.push(await trace(askFor(email)));
    byAddress.push(traces);
  }
  const [first = [], ...others] = byAddress;
  for (const [n, traces] of others.entries()) expect(traces, addresses[n + 1]).toEqual(first);
  return first;
}

/** What was done, a statement by its beginning, and by the table that each of its steps writes to. */
function stepsOf(trace: { readonly done: readonly string[] } | undefined) {
  return trace?.done.map((step) => {
    const statement = step.replaceAll(/"\w+"\."(\w+)"/g, '$1');
    const writes = statement.match(/insert into \w+/g)?.join();
    return writes ?? /^\s*(\w+)/.exec(statement)?.[1];
  });
}

const counted = 'insert into rate_limits';
const countedTwice = `${counted},${counted}`;
const password = 'wrong-1';
const logIn = (email: string): Ask => ['POST /auth/login', { json: { email, password } }];
const logInByForm = (email: string): Ask => ['POST /auth/token', { form: { username: email, password } }];
const forgot = (email: string): Ask => ['POST /auth/forgot-password', { json: { email } }];

describe.each([
  ['login', logIn],
  ['login by form', logInByForm],
])('%s', (_, askFor) => {
  it('answers and works the same for every address, until and beyond the limit', async () => {
    const traces = await sameForAll(all, askFor, 7);
    expect(traces.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(stepsOf(traces[0])).toEqual([
      'select',
      countedTwice,
      'select',
      'verify',
      counted,
      'begin',
      'insert into audit',
      'commit',
    ]);
  });

  it('does nothing for a password that is too long, whose ever it would be', async () => {
    const [first] = await sameForAll(all, (email) => {
      const [route, { json, form }] = askFor(email);
      const long = 'x'.repeat(100_000);
      return [route, form ? { form: { ...form, password: long } } : { json: { ...(json as object), password: long } }];
    });
    expect(first?.done).toEqual([]);
    expect(first?.status).toBeGreaterThanOrEqual(400);
  });
});

describe('login that is slowed down', () => {
  beforeAll(async () => {
    const attempt = server.application.login;
    await attempt.execute({ ip: home }, { email: verified.email, password: verified.password });
    await attempt.execute({ ip: office }, { email: unverified.email, password: unverified.password });
    for (const email of [verified.email, inactive.email, 'nobody@example.com']) {
      for (let n = 0; n < 100; n += 1) {
        await attempt.execute({ ip: `198.51.100.${n}` }, { email, password }).catch(() => {});
      }
    }
  });

  const guessed = () => [verified.email, inactive.email, 'nobody@example.com'];

  it.each([
    ['from somewhere', elsewhere],
    ['from where another member is logged in', office],
  ])('answers and works the same for every address, %s', async (_, ip) => {
    const [admitted, refused] = await sameForAll(
      guessed(),
      (email) => ['POST /auth/login', { json: { email, password }, headers: from(ip) }],
      2,
    );
    expect([admitted?.status, refused?.status]).toEqual([401, 429]);
    expect(refused?.done).not.toContain('verify');
  });

  it('spares those alone who come from where the owner is logged in', async () => {
    const statuses = [];
    for (const email of guessed()) {
      const atHome: Ask = ['POST /auth/login', { json: { email, password }, headers: from(home) }];
      await trace(atHome);
      const { status } = await trace(atHome);
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 429, 429]);
  });
});

describe('forgot-password', () => {
  const sixTimes = () => sameForAll(all, forgot, 6);
  const answered = [200, 200, 200, 200, 200, 429];
  const queued = [countedTwice, 'begin', 'insert into outbox', 'commit'];

  it.each<[string, Mailer['send']]>([
    ['while mails leave', toMailbox],
    ['while the mail server refuses', () => Promise.reject(new Error('421 Try again later'))],
  ])('answers and works the same for every address %s', async (_, send) => {
    mailer = send;
    await trace(forgot(reader.email));
    await server.sendMails();
    const traces = await sixTimes();
    expect(traces.map(({ status }) => status)).toEqual(answered);
    expect(stepsOf(traces[0])).toEqual(queued);
  });

  it('answers and works the same for every address while the mail server does not answer', async () => {
    mailer = toMailbox;
    await server.sendMails();
    const asked = new Promise<void>((resolve) => {
      mailer = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    await trace(forgot(reader.email));
    void server.sendMails();
    await asked;
    const traces = await sixTimes();
    expect(traces.map(({ status }) => status)).toEqual(answered);
    expect(stepsOf(traces[0])).toEqual(queued);
  });
});

describe('a change of e-mail', () => {
  it('answers and works the same whether or not the address is taken', async () => {
    const { email, password: current_password } = reader;
    const token = await login(server, email, current_password);
    const [first] = await sameForAll(
      all.filter((address) => address !== email),
      (new_email) => ['POST /users/me/email', { token, json: { new_email, current_password } }],
    );
    expect(first?.status).toBe(202);
    expect(stepsOf(first)).toContain('insert into outbox');
  });
});

describe('a refresh token that was never issued', () => {
  it('says nothing of the session that it names', async () => {
    const [session = '', generation, proof = ''] = verified.refreshToken.split('.');
    const forged = [`${session}.${generation}.${'A'.repeat(43)}`, `${session}.7.${proof}`];
    const ofNobody = [`${'A'.repeat(22)}.${generation}.${proof}`, 'none'];
    const [first] = await sameForAll([...forged, ...ofNobody], (refresh_token) => [
      'POST /auth/refresh',
      { json: { refresh_token } },
    ]);
    expect(first?.status).toBe(401);
    expect(stepsOf(first)).toEqual([counted]);
  });
});

describe('a link that was mailed', () => {
  it('is as good as any other text, in answer and in work, once its account is out of use', async () => {
    mailer = toMailbox;
    const { email, token: accessToken } = await member(server);
    await trace(forgot(email));
    await server.sendMails();
    const [link, verification] = [mailbox.tokenFor(email, 'reset-password'), mailbox.tokenFor(email, 'verify-email')];
    await server.request('PATCH /users/me/deactivate', { token: accessToken });
    const [reset] = await sameForAll([link!, 'none'], (token) => [
      'POST /auth/reset-password',
      { json: { token, new_password: 'newSecret456' } },
    ]);
    const [verify] = await sameForAll([verification!, 'none'], (token) => [
      'POST /auth/verify-email',
      { json: { token } },
    ]);
    expect([reset?.status, verify?.status]).toEqual([400, 400]);
    expect(reset?.done).not.toContain('hash');
  });
});
