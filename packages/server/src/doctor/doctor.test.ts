import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eachCommandInADirectory } from '../../test/run-command.ts';
import { doctor } from './doctor.ts';
import type { Probes } from './probes.ts';

const { path } = eachCommandInADirectory();

const healthy: Probes = {
  nodeVersion: '24.1.0',
  now: () => new Date(),
  verifyMail: async () => ({ isEncrypted: true }),
  probeRedis: async () => {},
  measureHash: async () => 60,
  readFiles: async () => ({ secrets: [] }),
  readGeneratedSecret: async () => undefined,
};
const proper = {
  DATABASE_URL: 'memory:',
  LOG_LEVEL: 'silent',
  SMTP_URL: 'smtp://user:hunter2@mail.example.com',
  REDIS_URL: 'redis://user:hunter2@redis.example.com',
  SECRET_KEY: 'hunter2-abcdefghijklmnopqrstuvwxyz',
  USER_DIRECTORY: 'admins',
  EMAIL_VERIFICATION: 'required',
};

const examine = (environment: Record<string, string> = {}, probes: Partial<Probes> = {}) =>
  doctor({ environment: { ...proper, ...environment } } as never, { ...healthy, ...probes });

describe('sallyport doctor', () => {
  it('prints a line for each check, without a secret, and ends with 0 if all is well', async () => {
    const { lines = [], notes, json, exitCode } = await examine();
    expect(lines.every((line) => /^ok {2}/.test(line))).toBe(true);
    expect([notes, exitCode]).toEqual([['Errors: 0, warnings: 0'], 0]);
    expect(json).toMatchObject({ errors: 0, warnings: 0 });
    expect(JSON.stringify([lines, json])).not.toContain('hunter2');
  });

  it('ends with 0 after warnings, and says what to do', async () => {
    const { lines, notes, exitCode } = await examine({ USER_DIRECTORY: 'members' });
    expect(lines).toContainEqual(expect.stringMatching(/^warning {2}settings .* set USER_DIRECTORY=admins$/));
    expect([notes, exitCode]).toEqual([['Errors: 0, warnings: 1'], 0]);
  });

  it('ends with 1 after an error', async () => {
    const { lines, exitCode } = await examine({ RATE_LIMITS: 'off' });
    expect(lines).toContainEqual(expect.stringMatching(/^error +settings .*\. Remove it$/));
    expect(exitCode).toBe(1);
  });

  it('names variables that are not valid, and checks nothing that depends on them', async () => {
    const { lines, exitCode } = await examine({ PORT: 'hunter2', LOG_LEVEL: 'loud' });
    expect(lines).toEqual([
      expect.stringMatching(/^ok +node/),
      expect.stringMatching(/^error +variables +PORT must be .*; LOG_LEVEL must be /),
    ]);
    expect([exitCode, JSON.stringify(lines)]).toEqual([1, expect.not.stringContaining('hunter2')]);
  });

  it('names a certificate that cannot be read', async () => {
    const { lines } = await examine({ TLS_CERT: path('none.pem'), TLS_KEY: path('none.pem') });
    expect(lines).toContainEqual(expect.stringMatching(/^error +certificate +TLS_CERT names a file/));
  });

  it('creates neither a database nor a secret', async () => {
    const { lines } = await examine({ DATABASE_URL: 'pglite:', DATA_DIR: path('data') });
    expect(lines).toContainEqual(expect.stringContaining('the first start creates it in'));
    expect(existsSync(path('data'))).toBe(false);
  });
});
