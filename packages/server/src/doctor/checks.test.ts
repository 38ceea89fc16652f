import type { StoredKey } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { checkAdmins, checkWork } from './check-contents.ts';
import { checkClock, checkConnections, checkSchema } from './check-database.ts';
import { checkFiles, type FilesToCheck } from './check-files.ts';
import { checkHashes } from './check-hashes.ts';
import { checkKeys, type KeysToCheck } from './check-keys.ts';
import { checkMail } from './check-mail.ts';
import { checkNode } from './check-node.ts';
import { checkPolicy } from './check-policy.ts';
import { checkProxies } from './check-proxies.ts';
import { checkRedis } from './check-redis.ts';
import { checkSecret } from './check-secret.ts';
import { checkUrl } from './check-url.ts';
import { checkVariables } from './check-variables.ts';
import type { Finding } from './finding.ts';

const now = new Date('2026-06-01T12:00:00Z');
const day = 86_400;
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const config = (environment: Record<string, string> = {}) => readConfig({ DATABASE_URL: 'memory:', ...environment });
const postgres = { DATABASE_URL: 'postgres://db/x', SECRET_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789' };
const proper = { ...postgres, PUBLIC_URL: 'https://a.example.com', TRUST_PROXY: '10.0.0.1' };

/** Levels and messages. */
const outline = (found: readonly Finding[]) => found.map(({ level, message }) => [level, message]);

/** Levels, and parts of messages. */
const like = (...expected: readonly (readonly [Finding['level'], string])[]) =>
  expected.map(([level, part]) => [level, expect.stringContaining(part)]);

describe('The doctor checks the configuration and', () => {
  it.each([
    ['20.18.3', 'error'],
    ['18.20.0', 'error'],
    ['20.19.0', 'warning'],
    ['23.1.0', 'warning'],
    ['22.12.0', 'ok'],
    ['24.1.0', 'ok'],
  ] as const)('takes Node %s as %s', (version, level) =>
    expect(outline(checkNode(version))).toEqual(like([level, version])),
  );

  it('finds misspelt variables', () => {
    expect(outline(checkVariables({ DATABSE_URL: 'x' }))).toEqual(like(['warning', 'DATABSE_URL is not a variable']));
    expect(outline(checkVariables({ DATABASE_URL: 'x' }))).toEqual(like(['ok', '']));
  });

  it.each<[string, Record<string, string>, Finding['level'], string]>([
    ['a plain public URL', { PUBLIC_URL: 'http://a.example.com' }, 'error', 'PUBLIC_URL is http'],
    ['localhost on Postgres', postgres, 'warning', 'leads to localhost'],
    ['localhost on all addresses', { HOST: '0.0.0.0' }, 'warning', 'leads to localhost'],
    ['origins without TLS', { ...proper, CORS_ORIGINS: 'http://b.example.com' }, 'warning', 'http://b.example.com'],
    ['a first try', {}, 'ok', 'http://localhost:3000'],
    ['a deployment', { ...proper, CORS_ORIGINS: 'http://localhost:8080' }, 'ok', 'https://a.example.com'],
  ])('judges the URL: %s', (_what, environment, level, message) => {
    expect(outline(checkUrl(config(environment)))).toEqual(like([level, message]));
  });

  it.each<[string, Record<string, string>, Finding['level'], string]>([
    ['no proxy named behind HTTPS', { PUBLIC_URL: 'https://a.example.com' }, 'error', 'all clients count as one'],
    ['every address', { TRUST_PROXY: '10.0.0.1,::/0' }, 'error', 'trusts every address'],
    ['every IPv4 address', { TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }, 'error', 'trusts every address'],
    ['a reachable address', { HOST: '0.0.0.0' }, 'warning', 'reachable from other machines'],
    ['our own certificate', { HOST: '::', TLS_CERT: 'c', TLS_KEY: 'k' }, 'ok', 'none is expected'],
    ['a proxy', proper, 'ok', '10.0.0.1'],
    ['a first try', {}, 'ok', 'none is expected'],
  ])('judges trusted proxies: %s', (_what, environment, level, message) => {
    expect(outline(checkProxies(config(environment)))).toEqual(like([level, message]));
  });

  it('finds weak settings', () => {
    const strong = { USER_DIRECTORY: 'admins', EMAIL_VERIFICATION: 'required' };
    const admin = { BOOTSTRAP_ADMIN_EMAIL: 'a@example.com', BOOTSTRAP_ADMIN_PASSWORD: 'hunter2 hunter2' };
    const weak = (environment: Record<string, string>) => checkPolicy(config({ ...strong, ...environment }), true);
    expect(outline(weak({}))).toEqual(like(['ok', '']));
    expect(outline(weak({ RATE_LIMITS: 'off' }))).toEqual(like(['error', 'RATE_LIMITS is off']));
    expect(outline(weak({ USER_DIRECTORY: 'members' }))).toEqual(like(['warning', 'with name, email, age, city']));
    expect(outline(weak({ EMAIL_VERIFICATION: 'optional' }))).toEqual(like(['warning', 'someone else']));
    expect(outline(weak({ EMAIL_VERIFICATION: 'optional', REGISTRATION: 'invited' }))).toEqual(like(['ok', '']));
    expect(outline(weak({ AUDIT_RETENTION_DAYS: '7' }))).toEqual(like(['warning', 'less than a month']));
    expect(outline(weak(admin))).toEqual(like(['warning', 'still set']));
    expect(outline(checkPolicy(config({ ...strong, ...admin }), false))).toEqual(like(['ok', '']));
  });

  it('judges the secret without showing it', () => {
    const good = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const given = (environment: Record<string, string>, generated?: string) =>
      checkSecret(config({ DATABASE_URL: 'pglite:x', ...environment }), generated);
    expect(outline(given({ SECRET_KEY: good }))).toEqual(like(['ok', 'is given']));
    expect(outline(given({}, good))).toEqual(like(['ok', 'generated']));
    expect(outline(given({}))).toEqual(like(['ok', 'the first start']));
    expect(outline(given({ SECRET_KEY: 'ab'.repeat(20) }))).toEqual(like(['error', 'can be guessed']));
    expect(outline(given({ SECRET_KEY: good, SECRET_KEY_PREVIOUS: good }))).toEqual(like(['warning', 'the same']));
    const other = given({ SECRET_KEY: good }, `${good}!`);
    expect(outline(other)).toEqual(like(['warning', 'a generated secret too']));
    expect(JSON.stringify(other)).not.toContain(good);
  });
});

describe('The doctor checks the signing keys and', () => {
  const key = (kid: string, seconds: number): StoredKey => ({
    kid,
    publicJwk: '{}',
    sealedPrivateKey: kid,
    createdAt: ago(seconds),
    activeFrom: ago(seconds),
    predecessor: '',
  });
  const check = (keys: readonly StoredKey[], given: Partial<KeysToCheck> = {}) =>
    checkKeys({
      keys,
      now,
      schedule: { rotationInterval: 90 * day, overlap: 1800 },
      material: { reseal: async () => undefined },
      hasPreviousSecret: false,
      refreshTokenLifetime: 30 * day,
      ...given,
    });

  it('is content with one that signs, and with none before the first start', async () => {
    expect(outline(await check([]))).toEqual(like(['ok', 'none yet']));
    expect(outline(await check([key('old', 95 * day), key('a', day)]))).toEqual(like(['ok', 'a signs since']));
    expect(outline(await check([key('a', day), key('b', -600)]))).toEqual(like(['ok', 'the next one is ready']));
  });

  it('finds one that is overdue, and one from the future', async () => {
    expect(outline(await check([key('a', 91 * day)]))).toEqual(like(['warning', 'overdue']));
    expect(outline(await check([key('a', 91 * day), key('b', -600)]))).toEqual(like(['ok', '']));
    expect(outline(await check([key('a', -day)]))).toEqual(like(['error', 'begins in the future']));
  });

  it('finds another secret, a previous one in use, and one that is needed no more', async () => {
    const keys = [key('a', day)];
    const fails = { reseal: () => Promise.reject(new Error('unreadable')) };
    expect(outline(await check(keys, { material: fails }))).toEqual(like(['error', 'sealed with another secret']));
    const previous = { material: { reseal: async () => 'anew' }, hasPreviousSecret: true };
    expect(outline(await check(keys, previous))).toEqual(like(['warning', 'still sealed with SECRET_KEY_PREVIOUS']));
    const [unneeded, ...others] = await check(keys, { hasPreviousSecret: true });
    expect([unneeded?.level, others]).toEqual(['warning', []]);
    expect(unneeded?.advice).toContain('remove it 30 days after');
  });
});

describe('The doctor checks the database and', () => {
  const facts = {
    version: '17.2',
    encoding: 'UTF8',
    hasOwnSession: true,
    maxConnections: 97,
    connections: 20,
    secondsAhead: 0.3,
  };

  it('compares the connections with those of a node', () => {
    expect(outline(checkConnections(facts))).toEqual(like(['ok', '20 of 97 connections open']));
    expect(outline(checkConnections({ ...facts, hasOwnSession: false, maxConnections: 1 }))).toEqual(
      like(['ok', 'behind a pooler']),
    );
    expect(outline(checkConnections({ ...facts, maxConnections: 5 }))).toEqual(
      like(['warning', 'may open 5 connections']),
    );
    expect(outline(checkConnections({ ...facts, connections: 90 }))).toEqual(
      like(['warning', '90 of 97 connections are open']),
    );
  });

  it('compares the clocks', () => {
    expect(outline(checkClock(facts))).toEqual(like(['ok', '']));
    expect(outline(checkClock({ secondsAhead: 61 }))).toEqual(like(['warning', '61.0 s ahead of']));
    expect(outline(checkClock({ secondsAhead: -5 }))).toEqual(like(['warning', '5.0 s behind']));
  });

  it('lists what the schema lacks', () => {
    const step = (name: string, kind: 'transactional' | 'concurrent') => ({ name, kind, locks: [] });
    expect(outline(checkSchema('auth', []))).toEqual(like(['ok', 'auth is up to date']));
    expect(
      outline(checkSchema('auth', [step('core/0002', 'transactional'), step('users_search', 'concurrent')])),
    ).toEqual(like(['warning', 'auth lacks core/0002'], ['warning', 'auth lacks users_search']));
  });

  it('finds that there is no admin, and work that was not done', () => {
    expect(outline(checkAdmins(true))).toEqual(like(['ok', '']));
    expect(outline(checkAdmins(false))).toEqual(like(['warning', 'no active admin']));
    const work = { waiting: 0, oldestQueuedAt: undefined, hasExpiredAudit: false, now };
    expect(outline(checkWork(work))).toEqual(like(['ok', 'no mail waits']));
    expect(outline(checkWork({ ...work, waiting: 2, oldestQueuedAt: ago(60) }))).toEqual(like(['ok', '2 mails wait']));
    expect(outline(checkWork({ ...work, waiting: 2, oldestQueuedAt: ago(900), hasExpiredAudit: true }))).toEqual(
      like(['warning', '2 mails wait, the oldest for 15 minutes'], ['warning', 'AUDIT_RETENTION_DAYS']),
    );
  });
});

describe('The doctor checks the surroundings and', () => {
  const url = 'smtp://user:hunter2@mail.example.com';
  const mail = (verify: () => Promise<{ isEncrypted: boolean }>) => checkMail({ url, outbox: 'data/outbox' }, verify);

  it('greets the mail server, and repeats nothing that it said', async () => {
    expect(
      outline(await checkMail({ url: undefined, outbox: 'data/outbox' }, async () => ({ isEncrypted: true }))),
    ).toEqual(like(['warning', 'files in data/outbox']));
    expect(outline(await mail(async () => ({ isEncrypted: true })))).toEqual(
      like(['ok', 'mail.example.com accepts mails over TLS']),
    );
    expect(outline(await mail(async () => ({ isEncrypted: false })))).toEqual(like(['warning', 'no TLS']));
    const refused = Object.assign(new Error('535 hunter2 is wrong'), { code: 'EAUTH', responseCode: 535 });
    const found = await mail(() => Promise.reject(refused));
    expect(outline(found)).toEqual(like(['error', 'mail.example.com does not accept mails: EAUTH 535']));
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('asks Redis to count', async () => {
    expect(outline(await checkRedis(undefined, async () => {}))).toEqual(like(['ok', 'not configured']));
    expect(outline(await checkRedis('redis://r', async () => {}))).toEqual(like(['ok', 'counted there']));
    const gone = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    expect(outline(await checkRedis('redis://r', () => Promise.reject(gone)))).toEqual(like(['error', 'ECONNREFUSED']));
  });

  it('finds password hashes that are too cheap for this machine', async () => {
    const cost = { memoryKib: 19_456, passes: 2 };
    expect(outline(await checkHashes(cost, async () => 60))).toEqual(like(['ok', 'takes 60 ms']));
    expect(outline(await checkHashes(cost, async () => 6))).toEqual(like(['warning', 'takes 6 ms']));
  });

  it('finds files that others may touch, and a disk that is nearly full', () => {
    const directory = { path: 'data', mode: 0o700, isOwn: true };
    const check = (files: Partial<FilesToCheck>) => checkFiles({ directory, secrets: [], ...files });
    expect(outline(check({}))).toEqual(like(['ok', 'data']));
    expect(outline(checkFiles({ secrets: [] }))).toEqual(like(['ok', 'does not exist yet']));
    expect(outline(check({ directory: { ...directory, mode: 0o770 } }))).toEqual(
      like(['error', 'may replace files in data']),
    );
    expect(outline(check({ directory: { ...directory, isOwn: false } }))).toEqual(
      like(['warning', 'belongs to another user']),
    );
    const secrets = [{ path: 'secret.key', mode: 0o640, isOwn: true }];
    expect(outline(check({ secrets }))).toEqual(like(['error', 'Other users may read secret.key']));
    expect(outline(check({ freeBytes: 500 * 2 ** 20 }))).toEqual(like(['warning', '500 MiB are free']));
    expect(outline(check({ freeBytes: 2 ** 20 }))).toEqual(like(['error', '1 MiB are free']));
  });
});
