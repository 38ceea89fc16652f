import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import type { cryptoPorts } from '@sallyport/adapters-crypto';
import type { Application, Clock, CreatedApplication, System } from '@sallyport/core';
import type { HardenedServer } from '@sallyport/hardened-server';
import { Container, ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import type { HttpServerOptions } from './http-server.ts';
import { createLog } from './log.ts';
import { type Mail, openMail } from './mail.ts';
import { openDatabase } from './open-database.ts';
import { openRateLimits, type RateLimits } from './rate-limits.ts';
import { generateSecretKey, keptSecretKey, type SecretKey } from './secret-key.ts';
import { coreModule } from './wiring/core.module.ts';
import { cryptoModule } from './wiring/crypto.module.ts';
import { httpModule } from './wiring/http.module.ts';
import { mailModule } from './wiring/mail.module.ts';
import { provideValue } from './wiring/provide.ts';
import { rateLimitsModule } from './wiring/rate-limits.module.ts';
import { storeModule } from './wiring/store.module.ts';
import { type CertificateWatch, readCertificate, watchCertificate } from './tls.ts';
import { isTraced } from './tracing/is-traced.ts';
import type { Tracing } from './tracing/tracing.ts';
import { parts, ports } from './wiring/tokens.ts';
import { createWorkers, type ServerWorkers } from './workers.ts';

/**
 * Milliseconds that a stop waits for a mail server. A mail that is aborted then is sent later, by this node or another.
 */
const mailPatience = 2_000;

/** Sallyport, wired but not yet listening. */
export interface Composition {
  readonly application: Application;
  /** The caller for workers and the command line. */
  readonly system: System;
  readonly http: HardenedServer;
  /** The work that runs in the background: mails, keys and cleanup. */
  readonly workers: ServerWorkers;
  /** Answers scrapes by Prometheus, if the configuration names a port for them. It does not listen yet. */
  readonly metrics?: HardenedServer | undefined;
  /** The file of the secret key, if this start generated it. */
  readonly generatedSecretKey?: string | undefined;
  /**
   * Stops gracefully: accepts no more requests, answers those in flight, ends the workers, then disconnects from Redis
   * and the database.
   */
  readonly close: () => Promise<void>;
}

/**
 * Opens the database, brings its schema up to date and wires everything to it.
 *
 * @param overrides modules that are loaded last: `replace(ports.clock, …)` replaces a port
 */
export async function compose(config: Config, ...overrides: ContainerModule[]): Promise<Composition> {
  const ownLog = createLog(config.logLevel);
  if (config.policy.limits === 'off') ownLog.warn('RATE_LIMITS is off: passwords may be guessed without limit');
  const certificate = config.tls && (await readCertificate(config.tls));
  const tracing = isTraced() ? (await import('./tracing/tracing.ts')).tracing : undefined;
  const database = await openDatabase(config.database, ownLog, tracing?.aroundSql);
  const rateLimits = await openRateLimits(config, database, ownLog);
  try {
    const secretKey = await secretKeyOf(config);
    // Loading this takes a tenth of a second, so only a server that is measured loads it.
    const measured = config.metrics && (await import('./metrics/metrics.ts')).createMetrics();
    const mail = openMail(config);
    const given = new ContainerModule(({ bind }) => {
      provideValue(bind, parts.config, config);
      provideValue(bind, parts.log, ownLog);
      provideValue(bind, parts.database, database);
      provideValue(bind, parts.certificate, certificate);
      provideValue(bind, parts.mail, mail);
      provideValue(bind, parts.rateLimits, rateLimits);
      provideValue(bind, parts.secretKey, secretKey.value);
    });
    const container = new Container();
    container.load(
      given,
      storeModule,
      rateLimitsModule,
      mailModule,
      cryptoModule,
      coreModule,
      httpModule,
      ...overrides,
      ...(measured?.modules ?? []),
      ...(tracing?.modules ?? []),
    );
    const log = container.get<Logger>(parts.log);
    const application = container.get<Application>(parts.application);
    const { system } = container.get<CreatedApplication>(parts.core);
    const http = container.get<HardenedServer>(parts.http);
    const workers = createWorkers({ application, system }, database, log);
    tellOfEvents(application, log);
    const metrics = measured?.serve({
      application,
      system,
      database: container.get<Database>(parts.database),
      rateLimits: container.get<RateLimits>(parts.rateLimits),
      clock: container.get<Clock>(ports.clock),
      hasher: container.get<ReturnType<typeof cryptoPorts>>(parts.crypto).hasher,
      httpOptions: container.get<HttpServerOptions>(parts.httpOptions),
      keyRotationInterval: config.keyRotationInterval,
      http,
    });
    const watch =
      config.tls && certificate && watchCertificate(config.tls, certificate, (next) => http.useCertificate(next), log);
    return {
      application,
      system,
      http,
      workers,
      metrics,
      generatedSecretKey: secretKey.generatedIn,
      close: () => closeInOrder({ http, metrics, watch, workers, mail, rateLimits, database, tracing, log }),
    };
  } catch (error) {
    await rateLimits.close();
    await database.close();
    throw error;
  }
}

/** Logs events that an operator should know. The audit has the reason why a mail was given up, and its user. */
function tellOfEvents({ events }: Application, log: Logger): void {
  events.onFailure((err, { type }) => log.error({ err, event: type }, 'A subscriber failed'));
  events.on('mail.given_up', ({ detail: { kind } }) => log.error({ kind }, 'A mail was given up'));
}

async function secretKeyOf({ secretKey, database, dataDirectory }: Config): Promise<SecretKey> {
  if (secretKey !== undefined) return { value: secretKey };
  return database.kind === 'memory' ? { value: generateSecretKey() } : keptSecretKey(dataDirectory);
}

interface Closable {
  readonly http: HardenedServer;
  readonly metrics: HardenedServer | undefined;
  readonly watch: CertificateWatch | undefined;
  readonly workers: ServerWorkers;
  readonly mail: Mail;
  readonly rateLimits: RateLimits;
  readonly database: Database;
  readonly tracing: Tracing | undefined;
  readonly log: Logger;
}

async function closeInOrder(closable: Closable): Promise<void> {
  const { http, metrics, watch, workers, mail, rateLimits, database, tracing, log } = closable;
  await http.stop();
  await watch?.stop();
  const stopped = workers.stop();
  // The timer keeps the process alive. A waiting mailer may not, and the other parts must be closed too.
  const over = new AbortController();
  await Promise.race([stopped, delay(mailPatience, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
  mail.close();
  await stopped;
  // The last to stop serving, so that the end of the others can be scraped.
  await metrics?.stop();
  await rateLimits.close();
  await database.close();
  await tracing?.flush();
  log.flush();
}
