import { isSallyportError, type PasswordHasher } from '@sallyport/core';
import type { QueueLoad } from '@sallyport/adapters-crypto';
import type { ContainerModule } from 'inversify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { wrap } from '../wiring/provide.ts';
import { ports } from '../wiring/tokens.ts';

/** Seconds. A hash waits for two seconds at most. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4];

/** Measures what hashes take, and counts those that are shed because too many wait. */
export function hashMetrics(registry: Registry): ContainerModule {
  const registers = [registry];
  const durations = new Histogram({
    name: 'sallyport_hash_duration_seconds',
    help: 'Time of a password hash, with its wait, by operation.',
    labelNames: ['operation'],
    buckets,
    registers,
  });
  const shed = new Counter({
    name: 'sallyport_hashes_shed_total',
    help: 'Password hashes that were refused because too many waited, or because they waited too long.',
    registers,
  });
  for (const operation of ['hash', 'verify']) durations.zero({ operation });

  async function measure<Result>(operation: 'hash' | 'verify', running: Promise<Result>): Promise<Result> {
    const end = durations.startTimer({ operation });
    try {
      const result = await running;
      end();
      return result;
    } catch (error) {
      if (isSallyportError(error) && error.code === 'unavailable') shed.inc();
      throw error;
    }
  }

  return wrap(ports.hasher, (inner): PasswordHasher => ({
    hash: (password) => measure('hash', inner.hash(password)),
    verify: (password, hash) => measure('verify', inner.verify(password, hash)),
    accepts: (hash) => inner.accepts(hash),
    needsRehash: (hash) => inner.needsRehash(hash),
  }));
}

/** Shows how busy the queue of hashes is. */
export function hashLoadMetrics(registry: Registry, loadNow: () => QueueLoad): void {
  const gauge = (name: string, help: string, read: () => number) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  gauge('sallyport_hashes_running', 'Password hashes that are being computed.', () => loadNow().inFlight);
  gauge('sallyport_hashes_waiting', 'Password hashes that wait for their turn.', () => loadNow().waiting);
}
