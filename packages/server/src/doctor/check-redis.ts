import { type Finding, findingsOf } from './finding.ts';

const { ok, error } = findingsOf('redis');

/** Whether the Redis of the limits can count. `probe` rejects if it cannot. */
export async function checkRedis(
  url: string | undefined,
  probe: (url: string) => Promise<void>,
): Promise<readonly Finding[]> {
  if (url === undefined) return [ok('not configured: limits are counted in the database, or in the process')];
  try {
    await probe(url);
    return [ok('limits are counted there')];
  } catch (failure) {
    const { code = 'no answer' } = failure as { readonly code?: string };
    return [error(`Redis cannot be used: ${code}. Each node counts attempts for itself`, 'check REDIS_URL')];
  }
}
