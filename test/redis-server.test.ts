import { describe, expect, it, vi } from 'vitest';
import { chooseRedis, startRedis } from './redis-server.ts';

describe('the choice of a Redis', () => {
  const engine = vi.fn<() => Promise<boolean>>(() => Promise.resolve(true));

  it('takes the server that was named without asking for a Docker engine, and leaves it running', async () => {
    expect(await chooseRedis({ TEST_REDIS_URL: 'redis://cache' }, engine)).toBe('TEST_REDIS_URL');
    expect(engine).not.toHaveBeenCalled();
    const server = await startRedis({ TEST_REDIS_URL: 'redis://cache' });
    expect(server.url).toBe('redis://cache');
    await server.stop();
  });

  it('takes a container where a Docker engine answers', async () => {
    expect(await chooseRedis({ TEST_REDIS_URL: '' }, engine)).toBe('testcontainers');
  });

  it('takes Debian’s where no Docker engine answers', async () => {
    expect(await chooseRedis({}, () => Promise.resolve(false))).toBe('redis-server');
  });
});
