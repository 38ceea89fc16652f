import { lstat, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailServerFacts } from '@sallyport/adapters-smtp';
import type { Config } from '../config.ts';
import { measureHashes } from '../calibrate/measure-hashes.ts';
import type { FileFacts, FilesToCheck } from './check-files.ts';

/** How the doctor looks at what is outside of the database. */
export interface Probes {
  readonly nodeVersion: string;
  readonly now: () => Date;
  readonly verifyMail: (url: string) => Promise<MailServerFacts>;
  /** Rejects if Redis cannot count. */
  readonly probeRedis: (url: string) => Promise<void>;
  /** Milliseconds of a password hash. */
  readonly measureHash: (config: Config) => Promise<number>;
  readonly readFiles: (config: Config) => Promise<FilesToCheck>;
  /** The generated secret, if there is one. */
  readonly readGeneratedSecret: (config: Config) => Promise<string | undefined>;
}

/** This process, its machine and its network. */
export const probes: Probes = {
  nodeVersion: process.versions.node,
  now: () => new Date(),
  verifyMail: async (url) => (await import('@sallyport/adapters-smtp')).verifyMailServer(url),
  probeRedis,
  measureHash: ({ passwordHashes, threadPoolSize }) => measureHashes(passwordHashes, threadPoolSize),
  readFiles,
  readGeneratedSecret: async ({ dataDirectory }) =>
    (await readFile(join(dataDirectory, 'secret.key'), 'utf8').catch(() => undefined))?.trim(),
};

/** It counts once, in a bucket that Redis forgets after a second. */
async function probeRedis(url: string): Promise<void> {
  const { MemoryRateLimiter } = await import('@sallyport/adapters-memory');
  const { RedisRateLimiter } = await import('@sallyport/adapters-redis');
  const failures: unknown[] = [];
  const limiter = await RedisRateLimiter.open(url, {
    fallback: new MemoryRateLimiter(),
    onGone: (error) => failures.push(error),
    onBack() {},
  });
  await limiter.close();
  if (failures.length > 0) throw failures[0];
}

async function readFiles({ dataDirectory, tls }: Config): Promise<FilesToCheck> {
  // Windows has no modes.
  if (process.platform === 'win32') return { secrets: [] };
  const files = [join(dataDirectory, 'secret.key'), '.env', ...(tls ? [tls.keyFile] : [])];
  const secrets = await Promise.all(files.map(factsOf));
  const room = await statfs(dataDirectory).catch(() => undefined);
  return {
    directory: await factsOf(dataDirectory),
    secrets: secrets.filter((facts) => facts !== undefined),
    freeBytes: room && room.bavail * room.bsize,
  };
}

async function factsOf(path: string): Promise<FileFacts | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found && { path, mode: found.mode & 0o777, isOwn: found.uid === process.getuid?.() };
}
