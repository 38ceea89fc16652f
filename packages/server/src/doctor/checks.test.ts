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

/** Levels and the beginnings of messages. */
const expectFindings = (found: readonly Finding[], ...expected: readonly (readonly [Finding['level'], string])[]) =>
  expect(found.map(({ level, message }) => [level, message])).toEqual(
    expected.map(([level, message]) => [level, expect.stringContaining(message)]),
  );

describe('The doctor checks the configuration and', () => {
  it.each([
    ['20.18.3', 'error'],
    ['18.20.0', 'error'],
    ['20.19.0', 'warning'],
    ['23.1.0', 'warning'],
    ['22.12.0', 'ok'],
    ['24.1.0', 'ok'],
  ] as const)('takes Node %s as %s', (version, level) => expectFindings(checkNode(version), [level, version]));

  it('finds misspelt variables', () => {
    expectFindings(checkVariables({ DATABSE_URL: 'x' }), ['warning', 'DATABSE_URL is not a variable']);
    expectFindings(checkVariables({ DATABASE_URL: 'x' }), ['ok', '']);
  });

  it.each<[string, Record<string, string>, Finding['level'], string]>([
    ['a plain public URL', { PUBLIC_URL: 'http://a.example.com' }, 'error', 'PUBLIC_URL is http'],
    ['localhost on Postgres', postgres, 'warning', 'leads to localhost'],
    ['localhost on all addresses', { HOST: '0.0.0.0' }, 'warning', 'leads to localhost'],
    ['origins without TLS', { ...proper, CORS_ORIGINS: 'http://b.example.com' }, 'warning', 'http://b.example.com'],
    ['a first try', {}, 'ok', 'http://localhost:3000'],
    ['a deployment', { ...proper, CORS_ORIGINS: 'http://localhost:8080' }, 'ok', 'https://a.example.com'],
  ])('judges the URL: %s', (_what, environment, level, message) => {
    expectFindings(checkUrl(config(environment)), [level, message]);
  });

  it.each<[string, Record<string, string>, Finding['level'], string]>([
    ['no proxy named behind HTTPS', { PUBLIC_URL: 'https://a.example.com' }, 'error', 'all clients count as one'],
    ['every address', { TRUST_PROXY: '10.0.0.1,::/0' }, 'error', 'trusts every address'],
    ['a reachable address', { HOST: '0.0.0.0' }, 'warning', 'reachable from other machines'],
    ['our own certificate', { HOST: '::', TLS_CERT: 'c', TLS_KEY: 'k' }, 'ok', 'none is expected'],
    ['a proxy', proper, 'ok', '10.0.0.1'],
    ['a first try', {}, 'ok', 'none is expected'],
  ])('judges trusted proxies: %s', (_what, environment, level, message) => {
    expectFindings(checkProxies(config(environment)), [level, message]);
  });

  it('finds weak settings', () => {
    const strong = { USER_DIRECTORY: 'admins', EMAIL_VERIFICATION: 'required' };
    const admin = { BOOTSTRAP_ADMIN_EMAIL: 'a@example.com', BOOTSTRAP_ADMIN_PASSWORD: 'hunter2 hunter2' };
    const weak = (environment: Record<string, string>) => checkPolicy(config({ ...strong, ...environment }), true);
    expectFindings(weak({}), ['ok', '']);
    expectFindings(weak({ RATE_LIMITS: 'off' }), ['error', 'RATE_LIMITS is off']);
    expectFindings(weak({ USER_DIRECTORY: 'members' }), ['warning', 'with name, email, age, city']);
    expectFindings(weak({ EMAIL_VERIFICATION: 'optional' }), ['warning', 'someone else']);
    expectFindings(weak({ EMAIL_VERIFICATION: 'optional', REGISTRATION: 'invited' }), ['ok', '']);
    expectFindings(weak({ AUDIT_RETENTION_DAYS: '7' }), ['warning', 'less than a month']);
    expectFindings(weak(admin), ['warning', 'still set']);
    expectFindings(checkPolicy(config({ ...strong, ...admin }), false), ['ok', '']);
  });

  it('judges the secret without showing it', () => {
    const good = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const given = (environment: Record<string, string>, generated?: string) =>
      checkSecret(config({ DATABASE_URL: 'pglite:x', ...environment }), generated);
    expectFindings(given({ SECRET_KEY: good }), ['ok', 'is given']);
    expectFindings(given({}, good), ['ok', 'generated']);
    expectFindings(given({}), ['ok', 'the first start']);
    expectFindings(given({ SECRET_KEY: 'ab'.repeat(20) }), ['error', 'can be guessed']);
    expectFindings(given({ SECRET_KEY: good, SECRET_KEY_PREVIOUS: good }), ['warning', 'the same']);
    const other = given({ SECRET_KEY: good }, `${good}!`);
    expectFindings(other, ['warning', 'a generated secret too']);
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
    expectFindings(await check([]), ['ok', 'none yet']);
    expectFindings(await check([key('old', 95 * day), key('a', day)]), ['ok', 'a signs since']);
    expectFindings(await check([key('a', day), key('b', -600)]), ['ok', 'the next one is ready']);
  });

  it('finds one that is overdue, and one from the future', async () => {
    expectFindings(await check([key('a', 91 * day)]), ['warning', 'overdue']);
    expectFindings(await check([key('a', 91 * day), key('b', -600)]), ['ok', '']);
    expectFindings(await check([key('a', -day)]), ['error', 'begins in the future']);
  });

  it('finds another secret, a previous one in use, and one that is needed no more', async () => {
    const keys = [key('a', day)];
    const fails = { reseal: () => Promise.reject(new Error('unreadable')) };
    expectFindings(await check(keys, { material: fails }), ['error', 'sealed with another secret']);
    const previous = { material: { reseal: async () => 'anew' }, hasPreviousSecret: true };
    expectFindings(await check(keys, previous), ['warning', 'still sealed with SECRET_KEY_PREVIOUS']);
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
    expectFindings(checkConnections(facts), ['ok', '20 of 97 connections open']);
    expectFindings(checkConnections({ ...facts, hasOwnSession: false, maxConnections: 1 }), ['ok', 'behind a pooler']);
    expectFindings(checkConnections({ ...facts, maxConnections: 5 }), ['warning', 'may open 5 connections']);
    expectFindings(checkConnections({ ...facts, connections: 90 }), ['warning', '90 of 97 connections are open']);
  });

  it('compares the clocks', () => {
    expectFindings(checkClock(facts), ['ok', '']);
    expectFindings(checkClock({ secondsAhead: 61 }), ['warning', '61.0 s ahead of']);
    expectFindings(checkClock({ secondsAhead: -5 }), ['warning', '5.0 s behind']);
  });

  it('lists what the schema lacks', () => {
    const step = (name: string, kind: 'transactional' | 'concurrent') => ({ name, kind, locks: [] });
    expectFindings(checkSchema('auth', []), ['ok', 'auth is up to date']);
    expectFindings(
      checkSchema('auth', [step('core/0002', 'transactional'), step('users_search', 'concurrent')]),
      ['warning', 'auth lacks core/0002'],
      ['warning', 'auth lacks users_search'],
    );
  });

  it('finds that there is no admin, and work that was not done', () => {
    expectFindings(checkAdmins(true), ['ok', '']);
    expectFindings(checkAdmins(false), ['warning', 'no active admin']);
    const work = { waiting: 0, oldestQueuedAt: undefined, hasExpiredAudit: false, now };
    expectFindings(checkWork(work), ['ok', 'no mail waits']);
    expectFindings(checkWork({ ...work, waiting: 2, oldestQueuedAt: ago(60) }), ['ok', '2 mails wait']);
    expectFindings(
      checkWork({ ...work, waiting: 2, oldestQueuedAt: ago(900), hasExpiredAudit: true }),
      ['warning', '2 mails wait, the oldest for 15 minutes'],
      ['warning', 'AUDIT_RETENTION_DAYS'],
    );
  });
});

describe('The doctor checks the surroundings and', () => {
  const url = 'smtp://user:hunter2@mail.example.com';
  const mail = (verify: () => Promise<{ isEncrypted: boolean }>) => checkMail({ url, outbox: 'data/outbox' }, verify);

  it('greets the mail server, and repeats nothing that it said', async () => {
    expectFindings(await checkMail({ url: undefined, outbox: 'data/outbox' }, async () => ({ isEncrypted: true })), [
      'warning',
      'files in data/outbox',
    ]);
    expectFindings(await mail(async () => ({ isEncrypted: true })), ['ok', 'mail.example.com accepts mails over TLS']);
    expectFindings(await mail(async () => ({ isEncrypted: false })), ['warning', 'no TLS']);
    const refused = Object.assign(new Error('535 hunter2 is wrong'), { code: 'EAUTH', responseCode: 535 });
    const found = await mail(() => Promise.reject(refused));
    expectFindings(found, ['error', 'mail.example.com does not accept mails: EAUTH 535']);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('asks Redis to count', async () => {
    expectFindings(await checkRedis(undefined, async () => {}), ['ok', 'not configured']);
    expectFindings(await checkRedis('redis://r', async () => {}), ['ok', 'counted there']);
    const gone = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    expectFindings(await checkRedis('redis://r', () => Promise.reject(gone)), ['error', 'ECONNREFUSED']);
  });

  it('finds password hashes that are too cheap for this machine', async () => {
    const cost = { memoryKib: 19_456, passes: 2 };
    expectFindings(await checkHashes(cost, async () => 60), ['ok', 'takes 60 ms']);
    expectFindings(await checkHashes(cost, async () => 6), ['warning', 'takes 6 ms']);
  });

  it('finds files that others may touch, and a disk that is nearly full', () => {
    const directory = { path: 'data', mode: 0o700, isOwn: true };
    const check = (files: Partial<FilesToCheck>) => checkFiles({ directory, secrets: [], ...files });
    expectFindings(check({}), ['ok', 'data']);
    expectFindings(checkFiles({ secrets: [] }), ['ok', 'does not exist yet']);
    expectFindings(check({ directory: { ...directory, mode: 0o770 } }), ['error', 'may replace files in data']);
    expectFindings(check({ directory: { ...directory, isOwn: false } }), ['warning', 'belongs to another user']);
    const secrets = [{ path: 'secret.key', mode: 0o640, isOwn: true }];
    expectFindings(check({ secrets }), ['error', 'Other users may read secret.key']);
    expectFindings(check({ freeBytes: 500 * 2 ** 20 }), ['warning', '500 MiB are free']);
    expectFindings(check({ freeBytes: 2 ** 20 }), ['error', '1 MiB are free']);
  });
});
