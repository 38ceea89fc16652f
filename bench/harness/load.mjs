import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { answerTo } from './requests.mjs';

/** Seconds for which the last requests of an open loop may still be answered. */
const patience = 5;

/**
 * Load in a closed loop: each connection sends its next request when the last one was answered.
 *
 * @param {string} url
 * @param {{ connections: number, next: (connection: number) => { request: object, done?: (answer: object) => void } }}
 *   options
 */
export async function startClosedLoop(url, { connections, next }) {
  const opened = await openAll(url, connections);
  const answered = [];
  let refused = 0;
  const running = new AbortController();
  const work = async (connection, index) => {
    while (!running.signal.aborted) {
      const { request, done } = next(index);
      const sent = performance.now();
      const answer = await answerTo(connection, request);
      if (!answer) {
        refused += 1;
        continue;
      }
      answered.push(performance.now() - sent);
      done?.(answer);
    }
  };
  const working = Promise.all(opened.map(work));
  return {
    failed: working,
    /** Forgets what was answered so far. */
    begin() {
      answered.length = 0;
      refused = 0;
    },
    /** What was answered since: milliseconds each. */
    end: () => ({ answers: answered.length, latencies: answered.slice(), refused }),
    async stop() {
      running.abort();
      await working;
      for (const connection of opened) connection.close();
    },
  };
}

/**
 * Load in an open loop: requests are due at a fixed rate, whatever the server does. Latencies are measured from the
 * moment at which a request was due, also if no connection was free then (no coordinated omission).
 *
 * @param {string} url
 * @param {{ connections: number, rate: number, next: () => { request: object } }} options `rate` is a second
 */
export async function startOpenLoop(url, { connections, rate, next }) {
  const free = await openAll(url, connections);
  const all = [...free];
  const due = [];
  const answered = [];
  const pending = new Set();
  let from = Number.POSITIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  const isCounted = ({ at }) => at >= from && at < until;
  let refused = 0;
  const { promise: failed, reject: fail } = withResolvers();
  failed.catch(() => {});

  const send = async (connection, arrival) => {
    const answer = await answerTo(connection, arrival.request);
    pending.delete(arrival);
    if (isCounted(arrival)) {
      if (answer) answered.push(performance.now() - arrival.at);
      else refused += 1;
    }
    const waiting = due.shift();
    if (waiting) void send(connection, waiting).catch(fail);
    else free.push(connection);
  };
  const begun = performance.now();
  let arrivals = 0;
  const arrive = () => {
    for (; begun + (arrivals * 1000) / rate <= performance.now(); arrivals += 1) {
      const arrival = { at: begun + (arrivals * 1000) / rate, request: next().request };
      pending.add(arrival);
      const connection = free.pop();
      if (connection) void send(connection, arrival).catch(fail);
      else due.push(arrival);
    }
  };
  const timer = setInterval(arrive, 1);
  return {
    failed,
    begin: () => void (from = performance.now()),
    /** Requests that are not answered in time count with the time that they have waited. */
    async end() {
      until = performance.now();
      clearInterval(timer);
      const deadline = until + patience * 1000;
      while (pending.size > 0 && performance.now() < deadline) await Promise.race([delay(10), failed]);
      const late = [...pending].filter(isCounted).map(({ at }) => performance.now() - at);
      return { answers: answered.length, latencies: [...answered, ...late], refused };
    },
    async stop() {
      clearInterval(timer);
      for (const connection of all) connection.close();
    },
  };
}

function openAll(url, connections) {
  return Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
