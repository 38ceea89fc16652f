import { randomBytes, randomUUID } from 'node:crypto';
import { inject, describe, expect, it, onTestFinished, vi } from 'vitest';
import { layWire } from '../../../test/wire.ts';
import { startServer, type TestServer } from './start-server.ts';

/** Two nodes that share nothing but Redis, each by a wire of its own. */
async function twoNodes() {
  const wires = await Promise.all([layWire(inject('redisUrl')), layWire(inject('redisUrl'))]);
  const nodes = await Promise.all(
    wires.map(({ url }) =>
      startServer('memory', { environment: { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1', REDIS_URL: url } }),
    ),
  );
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await Promise.all(wires.map((wire) => wire.stop()));
  });
  const [one, two] = nodes as [TestServer, TestServer];
  const onBoth = async (act: 'fallSilent' | 'stop' | 'mend') => {
    for (const wire of wires) await wire[act]();
  };
  return { one, two, onBoth };
}

/** Tries a password for an unknown account, from an unused address. */
function guesser() {
  const [high, low] = [randomBytes(2).toString('hex'), randomBytes(2).toString('hex')];
  const headers = { 'x-forwarded-for': `2001:db8:${high}:${low}::1` };
  const json = { email: `${randomUUID()}@example.com`, password: 'wrong-1' };
  const tryOn = async (node: TestServer) => (await node.request('POST /auth/login', { json, headers })).status;
  return {
    /** The answers of twenty attempts at once, in turn on these nodes. */
    race: (...nodes: readonly TestServer[]) =>
      Promise.all(Array.from({ length: 20 }, (_, n) => tryOn(nodes[n % nodes.length] as TestServer))),
    /** The answers of ten attempts, one after the other. */
    async keepTrying(node: TestServer, told: (answers: number) => void) {
      const statuses: number[] = [];
      while (statuses.length < 10) told(statuses.push(await tryOn(node)));
      return statuses;
    },
    tryOn,
  };
}

const letIn = (statuses: readonly number[]) => statuses.filter((status) => status === 401).length;
const refused = (statuses: readonly number[]) => statuses.filter((status) => status === 429).length;

describe('limits of two nodes on one Redis', () => {
  it('let in as many as those of one', async () => {
    const { one, two } = await twoNodes();
    for (let round = 0; round < 10; round += 1) {
      const statuses = await guesser().race(one, two);
      expect([letIn(statuses), refused(statuses)]).toEqual([5, 15]);
    }
  });

  it.each(['stop', 'fallSilent'] as const)(
    'hold on each node when Redis goes (%s), under traffic too, and on both together once it is back',
    async (fail) => {
      const { one, two, onBoth } = await twoNodes();
      const guessers = Array.from({ length: 20 }, guesser);
      let underway: Promise<number[][]> | undefined;
      await new Promise<void>((resolve) => {
        const cutAfter = (answers: number) => void (answers === 3 && resolve());
        underway = Promise.all(guessers.map(({ keepTrying }) => keepTrying(one, cutAfter)));
      });
      await onBoth(fail);
      const five = [401, 401, 401, 401, 401, 429, 429, 429, 429, 429];
      expect(await underway).toEqual(guessers.map(() => five));

      const alone = guesser();
      expect(letIn(await alone.race(one, two))).toBe(10);
      expect(await Promise.all([one, two].map(alone.tryOn))).toEqual([429, 429]);
      for (const node of [one, two]) expect((await node.request('GET /health/ready')).status).toBe(200);

      await onBoth('mend');
      await vi.waitFor(async () => expect(letIn(await guesser().race(one, two))).toBe(5), {
        timeout: 20_000,
        interval: 100,
      });
    },
  );
});
