import { Argon2PasswordHasher } from '@sallyport/adapters-crypto';
import type { Argon2Cost } from '@sallyport/adapters-crypto/argon2-cost';

/** Hashes one after another on each thread. */
const rounds = 3;

/** Milliseconds of one hash, while as many run as the server runs at once, on the same threads. */
export async function measureHashes(cost: Argon2Cost, threadPoolSize?: number): Promise<number> {
  const hasher = new Argon2PasswordHasher({ ...cost, threadPoolSize });
  const hashAll = () => Promise.all(Array.from({ length: hasher.concurrency }, () => hasher.hash('a password')));
  // The first hash of a size waits for the system to give memory.
  await hashAll();
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) await hashAll();
  return (performance.now() - start) / rounds;
}

/** Hashes that the server runs at once. */
export function hashesAtOnce(threadPoolSize?: number): number {
  return new Argon2PasswordHasher({ threadPoolSize }).concurrency;
}
