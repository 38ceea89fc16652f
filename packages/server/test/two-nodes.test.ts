import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { problemOf } from './problem.ts';
import {
  admin,
  anotherAdmin,
  type Answer,
  linkTo,
  member,
  type Person,
  startServer,
  type TestServer,
  unusedName,
} from './start-server.ts';

const racers = 20;
const rounds = Array.from({ length: 5 }, (_, round) => round);
const limits = { RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '1000/minute', TRUST_PROXY: '127.0.0.1' };
const oneWinner = { 204: 1, '400 Invalid or expired token': racers - 1 };

describe('on two nodes and one Postgres', () => {
  let nodes: readonly [TestServer, TestServer];
  let root: Person;
  let guarded: readonly [TestServer, TestServer];
  const start = async (environment: Record<string, string>) => {
    const shared = { ...environment, DATABASE_URL: (await createDatabase()).url };
    const [one, two] = await Promise.all([0, 1].map(() => startServer('Postgres', { environment: shared })));
    return [one!, two!] as const;
  };
  beforeAll(async () => {
    nodes = await start({});
    root = await admin(nodes[0]);
    guarded = await start(limits);
  });
  afterAll(async () => {
    for (const node of [...nodes, ...guarded]) await node.close();
  });

  /** Each racer's answer; all of them start at once, at one node and the other. */
  const race = <Result>(contend: (node: TestServer, racer: number) => Promise<Result>, at = nodes, count = racers) =>
    Promise.all(Array.from({ length: count }, (_, racer) => contend(at[racer % 2 ? 1 : 0], racer)));

  /** How many got which answer. */
  function tally(answers: readonly Answer[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const answer of answers) {
      const said = answer.status < 300 ? String(answer.status) : problemOf(answer).join(' ');
      counts[said] = (counts[said] ?? 0) + 1;
    }
    return counts;
  }
  /** How often the audit says this of an account. */
  const timesOf = async (type: string, id: number) => {
    const { body } = await nodes[1].request(`GET /admin/audit?type=${type}&subject_id=${id}`, { token: root.token });
    return body.length;
  };
  const winnerOf = (answers: readonly Answer[]) => answers.findIndex(({ status }) => status < 300);

  const post = (node: TestServer, path: string, json: object) => node.request(`POST ${path}`, { json });

  it.each(rounds)('a refresh token has one successor, round %i (CVE-2026-1035, GHSA-392p-2q2v-4372)', async () => {
    const { refreshToken } = await member(nodes[0]);
    const answers = await race((node) => post(node, '/auth/refresh', { refresh_token: refreshToken }));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    const next = await post(nodes[1], '/auth/refresh', { refresh_token: answers[0]!.body.refresh_token });
    expect(next.status).toBe(200);
  });

  it.each(rounds)(
    'a link to reset a password has one winner, round %i (better-auth #9993, CVE-2026-33624)',
    async () => {
      const { email } = await member(nodes[0]);
      await post(nodes[0], '/auth/forgot-password', { email });
      const token = await linkTo(nodes[0], email, 'reset-password');
      const passwordOf = (racer: number) => `new secret ${racer}`;
      const reset = (node: TestServer, racer: number) =>
        post(node, '/auth/reset-password', { token, new_password: passwordOf(racer) });
      const answers = await race(reset);
      expect(tally(answers)).toEqual(oneWinner);
      const winner = winnerOf(answers);
      const logins = await race((node, racer) => post(node, '/auth/login', { email, password: passwordOf(racer) }));
      expect(logins.map(({ status }) => status === 200)).toEqual(logins.map((_, racer) => racer === winner));
    },
  );

  it.each(rounds)('a link verifies an address once, and succeeds for each who opens it, round %i', async () => {
    const { id, email } = await member(nodes[0]);
    const token = await linkTo(nodes[0], email, 'verify-email');
    expect(tally(await race((node) => post(node, '/auth/verify-email', { token })))).toEqual({ 204: racers });
    expect(await timesOf('user.email_verified', id)).toBe(1);
  });

  it.each(rounds)('an address that two members want to move to is one’s, once, round %i', async (round) => {
    const wanted = `wanted${round}@example.com`;
    const rivals = [await member(nodes[0]), await member(nodes[1])];
    const links: string[] = [];
    for (const { token, password } of rivals) {
      const json = { new_email: wanted, current_password: password };
      await nodes[0].request('POST /users/me/email', { token, json });
      links.push(await linkTo(nodes[0], wanted, 'change-email'));
    }
    const verify = (node: TestServer, racer: number) =>
      post(node, '/auth/verify-email', { token: links[Math.trunc(racer / 2) % 2]! });
    const answers = await race(verify);
    // The winner's link succeeds each time that it is opened.
    expect(tally(answers)).toEqual({ 204: racers / 2, '400 Invalid or expired token': racers / 2 });
    const winner = Math.trunc(winnerOf(answers) / 2) % 2;
    const moves = await Promise.all(rivals.map(({ id }) => timesOf('user.email_changed', id)));
    expect(moves).toEqual([0, 1].map((n) => Number(n === winner)));
    const moved = await Promise.all(rivals.map(({ token }) => nodes[0].request('GET /users/me', { token })));
    expect(moved.map(({ body }) => body.email === wanted)).toEqual([0, 1].map((n) => n === winner));
  });

  it.each(rounds)(
    'a link proves the address that it was mailed to, and no other, round %i (CVE-2026-32700)',
    async (round) => {
      const { token, password } = await member(nodes[0]);
      const asked = [`own${round}@example.com`, `coveted${round}@example.com`] as const;
      const ask = (node: TestServer, new_email: string) =>
        node.request('POST /users/me/email', { token, json: { new_email, current_password: password } });
      await Promise.all([ask(nodes[0], asked[0]), ask(nodes[1], asked[1])]);
      await Promise.all(nodes.map((node) => node.sendMails()));
      // The later link has replaced the earlier one, whichever that is.
      const links = asked.flatMap((email) =>
        nodes.map(({ mailbox }) => [email, mailbox.tokenFor(email, 'change-email')] as const),
      );
      const proven: string[] = [];
      for (const [email, link] of links.filter(([, one]) => one !== undefined)) {
        const { status } = await post(nodes[0], '/auth/verify-email', { token: link });
        if (status === 204) proven.push(email);
      }
      expect(proven).toHaveLength(1);
      expect((await nodes[0].request('GET /users/me', { token })).body.email).toBe(proven[0]);
    },
  );

  it.each(rounds)('an address in any case is registered once, round %i', async (round) => {
    const address = `twin${round}@example.com`;
    const spellings = [address, address.toUpperCase(), ` ${address} `, `T${address.slice(1)}`];
    const answers = await race((node, racer) =>
      post(node, '/auth/register', {
        name: 'Twin',
        email: spellings[Math.trunc(racer / 2) % 4],
        password: 'secret123',
        age: 36,
      }),
    );
    expect(tally(answers)).toEqual({ 201: 1, '400 Email already registered': racers - 1 });
  });

  it('changes of different fields are all kept', async () => {
    for (const round of rounds) {
      const { token } = await member(nodes[0]);
      const changes = [{ name: `Name ${round}` }, { age: 40 + round }, { city: `City ${round}` }];
      await Promise.all(changes.map((json, n) => nodes[n % 2]!.request('PATCH /users/me', { token, json })));
      expect((await nodes[0].request('GET /users/me', { token })).body).toMatchObject(Object.assign({}, ...changes));
    }
  });

  it('two admins who demote each other leave one', async () => {
    let root = await admin(nodes[0]);
    for (const _ of rounds) {
      const rivals = [root, await anotherAdmin(nodes[0], root)] as const;
      const [one, other] = await race(
        (node, n) => {
          const path = `PATCH /admin/users/${rivals[1 - n]!.id}/role`;
          return node.request(path, { token: rivals[n]!.token, json: { role: 'user' } });
        },
        nodes,
        2,
      );
      const statuses = [one!.status, other!.status];
      // The second one is no admin any more, or would leave no admin.
      expect([
        [200, 403],
        [200, 409],
        [403, 200],
        [409, 200],
      ]).toContainEqual(statuses);
      root = rivals[statuses.indexOf(200)]!;
    }
  });

  it('nothing lives on of a member who is deleted while they refresh and log in (GHSA-2vg6-77g8-24mp)', async () => {
    for (const _ of rounds) {
      const { email, password, token, refreshToken } = await member(nodes[0], unusedName());
      const acts = [
        (node: TestServer) => post(node, '/auth/refresh', { refresh_token: refreshToken }),
        (node: TestServer) => post(node, '/auth/login', { email, password }),
      ];
      const answers = await race((node, racer) =>
        racer === 9 ? node.request('DELETE /users/me', { token }) : acts[Math.trunc(racer / 2) % 2]!(node),
      );
      expect(answers[9]!.status).toBe(204);
      for (const { body } of answers.filter(({ status }) => status === 200)) {
        expect((await nodes[0].request('GET /users/me', { token: body.access_token })).status).toBe(401);
        expect((await post(nodes[1], '/auth/refresh', { refresh_token: body.refresh_token })).status).toBe(401);
      }
    }
  });

  it('limits let in as many as those of one node', async () => {
    const limited = await start({ RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' });
    for (let round = 0; round < 10; round += 1) {
      const { email } = await member(limited[0]);
      const options = { json: { email, password: 'wrong-1' }, headers: { 'x-forwarded-for': `203.0.113.${round}` } };
      const answers = await race((node) => node.request('POST /auth/login', options), limited);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    }
    for (const node of limited) await node.close();
  });

  it('a hundred failures that come at once count as a hundred', async () => {
    const { email } = await member(guarded[0]);
    const attempt = (node: TestServer, address: number) => {
      const headers = { 'x-forwarded-for': `203.0.113.${address}` };
      return node.request('POST /auth/login', { json: { email, password: 'wrong-1' }, headers });
    };
    const answers = await race(attempt, guarded, 99);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    // The hundredth, and the one a minute that such an account admits from then on.
    const next = [await attempt(guarded[0], 100), await attempt(guarded[1], 101), await attempt(guarded[0], 102)];
    expect(next.map(({ status }) => status)).toEqual([401, 401, 429]);
  });
});
