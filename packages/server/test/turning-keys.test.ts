import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type Answer, member, startServer, type TestServer } from './start-server.ts';

const old = { SECRET_KEY: 'the first secret key, long enough' };
const next = { SECRET_KEY: 'the second secret key, long enough' };
const readsNext = { ...old, SECRET_KEY_PREVIOUS: next.SECRET_KEY };
const readsOld = { ...next, SECRET_KEY_PREVIOUS: old.SECRET_KEY };

describe('nodes on one Postgres', () => {
  let nodes: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    nodes = [];
  });

  /** A store, the clock of all who use it, and a way to start one more of them. */
  async function deployment() {
    const clock = new ManualClock(new Date());
    const { url } = await createDatabase();
    const start = async (environment: Record<string, string> = old) => {
      // The store that is named last is the one that counts.
      const node = await startServer('memory', { clock, environment: { ...environment, DATABASE_URL: url } });
      nodes.push(node);
      await node.application.maintainKeys.execute(node.system);
      return node;
    };
    return { clock, start };
  }

  const me = (node: TestServer, token: string): Promise<Answer> => node.request('GET /users/me', { token });

  it('believe a key for as long as tokens live once another one signs, and no longer', async () => {
    const { clock, start } = await deployment();
    const patient = await start({ ...old, ACCESS_TOKEN_EXPIRE_MINUTES: '120' });
    const node = await start({ ...old, ACCESS_TOKEN_EXPIRE_MINUTES: '30' });
    const { token } = await member(patient);
    await patient.application.rotateKeys.execute(patient.system);
    clock.advance((15 + 30) * 60 - 1);
    expect((await me(node, token)).status).toBe(200);
    clock.advance(1);
    expect(await me(node, token)).toMatchObject({ status: 401, body: { detail: 'Invalid or expired token' } });
    // It is the key that is over, not the token.
    expect((await me(patient, token)).status).toBe(200);
  });

  it('end no session while the secret changes, in two phases', async () => {
    const { clock, start } = await deployment();
    const running = [await start(), await start()];
    const people = [await member(running[0]!), await member(running[1]!)].map(({ token, refreshToken }) => ({
      tokens: [token],
      refreshToken,
    }));
    for (const secrets of [readsNext, readsOld, next]) {
      for (const place of [0, 1]) {
        running[place] = await start(secrets);
        clock.advance(60);
        for (const node of running) await node.application.maintainKeys.execute(node.system);
        for (const person of people) {
          for (const node of running) {
            const json = { refresh_token: person.refreshToken };
            const { status, body } = await node.request('POST /auth/refresh', { json });
            expect(status).toBe(200);
            person.refreshToken = body.refresh_token;
            person.tokens.push(body.access_token);
          }
          for (const node of running) {
            for (const token of person.tokens) expect((await me(node, token)).status).toBe(200);
          }
        }
      }
      // Before the next phase, what a node of the last one has sealed is sealed again.
      for (const node of running) await node.application.maintainKeys.execute(node.system);
    }
  });

  it('still believe what others signed where one has the wrong secret, and say there what cannot be done', async () => {
    const { clock, start } = await deployment();
    const node = await start();
    const { token, email, password } = await member(node);
    await expect(start(next)).rejects.toMatchObject({ code: 'unavailable' });
    const wrong = nodes.at(-1)!;
    clock.advance(60);
    for (const one of [node, wrong]) expect((await me(one, token)).status).toBe(200);
    const logIn = { json: { email, password } };
    expect(await wrong.request('POST /auth/login', logIn)).toMatchObject({
      status: 503,
      body: { detail: 'The service is temporarily unavailable' },
    });
    expect((await node.request('POST /auth/login', logIn)).status).toBe(200);
  });
});
