import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpu } from './linux.mjs';

/** The share of all cores' busy time from which on other processes disturb a measurement. */
const disturbance = 0.1;

/**
 * A request of the prober: its status, its duration in milliseconds, and how many of them it waited for a core.
 *
 * @typedef {{ status: number | string, ms: number, starved: number }} Sample
 */

/**
 * What a client in another process measures during `act`: health checks on a connection that is kept and on new ones,
 * and a member's requests. On a busy machine, the time does not count for which other processes kept server and client
 * from running: `durationOf` leaves it out then.
 *
 * @param {{ url: string, token: string, pid: number }} server
 * @param {() => Promise<void>} act
 * @returns {Promise<{
 *   live: Sample[];
 *   fresh: Sample[];
 *   me: Sample[];
 *   others: string;
 *   isDisturbed: boolean;
 *   durationOf: (sample: Sample) => number;
 * }>}
 *   `others` says how much of the busy time other processes had
 */
export async function probing({ url, token, pid }, act) {
  const prober = fork(join(import.meta.dirname, 'prober.mjs'), [url, token, String(pid)]);
  const told = once(prober, 'message');
  await delay(1000);
  const [before, mine] = [cpu(pid), process.cpuUsage()];
  await act();
  const [after, { user, system }] = [cpu(pid), process.cpuUsage(mine)];
  prober.send('enough');
  const [{ live, fresh, me, cpu: its }] = await told;
  const ours = after.own - before.own + (user + system + its.user + its.system) / 1e6;
  const share = Math.max(0, 1 - ours / (after.all - before.all));
  const isDisturbed = share > disturbance;
  return {
    live,
    fresh,
    me,
    others: `Others had ${Math.round(share * 100)} % of the busy time${isDisturbed ? ', so that what is in brackets counts' : ''}`,
    isDisturbed,
    durationOf: ({ ms, starved }) => (isDisturbed ? ms - starved : ms),
  };
}

/** The usual percentiles of durations in milliseconds, and in brackets without the time spent waiting for a core. */
export function percentiles(samples) {
  const inOrder = (of) => samples.map(of).toSorted((a, b) => a - b);
  const [all, fair] = [inOrder(({ ms }) => ms), inOrder(({ ms, starved }) => ms - starved)];
  const at = (share) => {
    const index = Math.min(all.length - 1, Math.floor(all.length * share));
    return `${all[index].toFixed(1)} (${fair[index].toFixed(1)})`;
  };
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} of ${samples.length}`;
}
