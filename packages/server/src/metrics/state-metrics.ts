import type { Application, Clock, System } from '@sallyport/core';
import type { HardenedServer } from '@sallyport/hardened-server';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Database } from '../database.ts';
import type { RateLimits } from '../rate-limits.ts';
import { lately } from './lately.ts';

/** Whose state is shown. */
export interface Watched {
  readonly application: Pick<Application, 'waitingMails' | 'listKeys'>;
  readonly system: System;
  readonly clock: Clock;
  readonly database: Pick<Database, 'ready' | 'poolState'>;
  readonly rateLimits: Pick<RateLimits, 'isShared'>;
  /** Seconds for which a signing key signs. */
  readonly keyRotationInterval: number;
  readonly http: Pick<HardenedServer, 'openConnections' | 'refusedConnections' | 'replacedConnections'>;
}

/** Shows the state of what the server depends on, as it is when it is asked for. */
export function stateMetrics(registry: Registry, watched: Watched): void {
  const { application, system, database, rateLimits, http } = watched;
  const { poolState } = database;
  const { isShared } = rateLimits;

  // Before the questions below, which need connections themselves.
  if (poolState) {
    gauge('sallyport_database_connections', 'Connections to the database.', () => poolState().open);
    gauge('sallyport_database_connections_idle', 'Connections that no request uses.', () => poolState().idle);
    gauge('sallyport_database_requests_waiting', 'Requests that wait for one.', () => poolState().waiting);
  }

  const outbox = lately(() => application.waitingMails.execute(system));
  gauge('sallyport_outbox_waiting', 'Mails that wait to be sent, from any node.', async () => (await outbox())?.count);
  gauge(
    'sallyport_outbox_oldest_seconds',
    'Age of the oldest mail that waits to be sent; 0 if none waits.',
    async () => (await outbox())?.oldestAge,
  );

  const keys = lately(() => keyTimes(watched));
  gauge('sallyport_signing_key_age_seconds', 'How long the active key has signed.', async () => (await keys())?.age);
  gauge(
    'sallyport_signing_key_next_rotation_seconds',
    'Time until the next key signs; negative if that is overdue.',
    async () => (await keys())?.untilNext,
  );

  const isUp = lately(() => database.ready().then(() => 1));
  gauge('sallyport_database_up', '1 if the database answers and accepts writes.', async () => (await isUp()) ?? 0);
  if (isShared) {
    gauge('sallyport_redis_up', '1 if limits are counted in Redis, 0 if on this node alone.', () => Number(isShared()));
  }
  gauge('sallyport_open_connections', 'Open connections of clients.', () => http.openConnections);
  counter(
    'sallyport_connections_refused_total',
    'New connections that were closed because the server was working for all others.',
    () => http.refusedConnections,
  );
  counter(
    'sallyport_connections_replaced_total',
    'Connections that were closed to make room for a new one.',
    () => http.replacedConnections,
  );

  /** A value that is not known has no series. */
  function gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void {
    const metric = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        const value = await read();
        if (value === undefined) this.remove({});
        else this.set(value);
      },
    });
    registry.registerMetric(metric);
  }

  function counter(name: string, help: string, read: () => number): void {
    const metric = new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
    registry.registerMetric(metric);
  }
}

/** The age of the active key and the time until the next one signs, in seconds; `undefined` if nothing is signed. */
async function keyTimes({ application, system, clock, keyRotationInterval }: Watched) {
  const keys = await application.listKeys.execute(system);
  const active = keys.find(({ state }) => state === 'active');
  if (!active) return undefined;
  const next = keys.find(({ state }) => state === 'next');
  const age = (clock.now().getTime() - active.activeFrom.getTime()) / 1000;
  const untilNext = next ? (next.activeFrom.getTime() - clock.now().getTime()) / 1000 : keyRotationInterval - age;
  return { age, untilNext };
}
