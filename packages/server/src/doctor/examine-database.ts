import { existsSync } from 'node:fs';
import type { Sql } from '@sallyport/adapters-postgres';
import type { Config, SqlConfig } from '../config.ts';
import { errorInWords } from '../error-in-words.ts';
import { checkAdmins, checkWork } from './check-contents.ts';
import { checkClock, checkConnections, checkSchema, databaseFails } from './check-database.ts';
import { checkKeys } from './check-keys.ts';
import { type Finding, findingsOf } from './finding.ts';

const { ok } = findingsOf('database');

/** What was found in a database. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Whether there is an active admin, if that could be read. */
  readonly hasAdmin?: boolean | undefined;
}

/** Checks the configured database and what is in it. It reads, and changes nothing. */
export async function examineDatabase(config: Config, secretKey: string | undefined): Promise<Examined> {
  const { database } = config;
  if (database.kind === 'memory') return { findings: [ok('in memory: nothing is kept')] };
  if (database.kind === 'pglite' && !existsSync(database.directory)) {
    return { findings: [ok(`embedded; the first start creates it in ${database.directory}`)] };
  }
  try {
    return await examine(config, database, secretKey);
  } catch (error) {
    if (error instanceof Error && error.name === 'DirectoryInUseError') {
      return { findings: [ok(`embedded, and a process has it open: what is in it is not examined`)] };
    }
    return { findings: databaseFails(errorInWords(error)) };
  }
}

async function examine(config: Config, place: SqlConfig, secretKey: string | undefined): Promise<Examined> {
  const { planMigrations, readDatabaseFacts } = await import('@sallyport/adapters-postgres');
  const { createLog } = await import('../log.ts');
  const { postgresParts } = await import('../modules.ts');
  const { openSql } = await import('../sql-database.ts');
  const sql = await openSql(place, createLog(config.logLevel));
  try {
    const facts = await readDatabaseFacts(sql);
    const isEmbedded = place.kind === 'pglite';
    const findings = isEmbedded
      ? [ok(`embedded, PostgreSQL ${facts.version} in ${place.directory}`)]
      : [...checkConnections(facts), ...checkClock(facts)];
    let pending: Awaited<ReturnType<typeof planMigrations>>;
    try {
      pending = await planMigrations(sql, postgresParts);
    } catch (error) {
      return { findings: [...findings, ...databaseFails(errorInWords(error))] };
    }
    const schema = checkSchema(sql.schema, pending);
    if (pending.some(({ kind }) => kind === 'transactional')) return { findings: [...findings, ...schema] };
    const now = new Date(Date.now() + facts.secondsAhead * 1000);
    const contents = await examineContents(sql, config, secretKey, now);
    return { ...contents, findings: [...findings, ...schema, ...contents.findings] };
  } finally {
    await sql.close();
  }
}

async function examineContents(sql: Sql, config: Config, secretKey: string | undefined, now: Date): Promise<Examined> {
  const { postgresStore } = await import('@sallyport/adapters-postgres');
  const { Ed25519KeyMaterial } = await import('@sallyport/adapters-crypto');
  const { defaultPolicy } = await import('@sallyport/core');
  const { postgresParts } = await import('../modules.ts');
  const { keys, users, audit, unitOfWork } = postgresStore(sql, postgresParts);
  const {
    accessTokenLifetime = defaultPolicy.accessTokenLifetime,
    refreshTokenLifetime = defaultPolicy.refreshTokenLifetime,
    auditRetention = defaultPolicy.auditRetention,
  } = config.policy;
  const { previousSecretKey, keyRotationInterval: rotationInterval } = config;
  const ofKeys =
    secretKey === undefined
      ? []
      : await checkKeys({
          keys: await keys.list(),
          now,
          schedule: { rotationInterval, overlap: accessTokenLifetime },
          material: new Ed25519KeyMaterial({ secretKey, previousSecretKey }),
          hasPreviousSecret: previousSecretKey !== undefined,
          refreshTokenLifetime,
        });
  const one = { skip: 0, limit: 1 };
  const hasAdmin = (await users.list({ role: 'admin', isActive: true }, one)).length > 0;
  const { count: waiting, oldestQueuedAt } = await unitOfWork.run(({ outbox }) => outbox.waiting());
  // The server deletes within minutes, so a day is no accident.
  const until = new Date(now.getTime() - (auditRetention + 86_400) * 1000);
  const hasExpiredAudit = (await audit.list({ until }, one)).length > 0;
  return {
    findings: [...ofKeys, ...checkAdmins(hasAdmin), ...checkWork({ waiting, oldestQueuedAt, hasExpiredAudit, now })],
    hasAdmin,
  };
}
