import { describe, expect, it } from 'vitest';
import { freePort } from '../../../test/free-port.mjs';
import { eachInADirectory, send } from './sallyport-process.ts';

const { serve } = eachInADirectory();

describe('a start without the Redis that it is told of', () => {
  it('succeeds, says so once, is ready and limits on its own', async () => {
    const server = serve({
      DATABASE_URL: 'memory:',
      RATE_LIMITS: 'on',
      LOGIN_RATE_LIMIT: '3/hour',
      LOG_LEVEL: 'info',
      REDIS_URL: `redis://me:hunter2@127.0.0.1:${await freePort()}`,
    });
    const url = await server.url;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1) {
      statuses.push((await send(url, '/auth/login', { email: 'a@example.com', password: 'wrong-1' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);

    const { code, log } = await server.stop();
    expect(code).toBe(0);
    expect(log.filter(({ msg }) => String(msg).includes('Redis'))).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'Redis is gone: limits hold on this node alone',
        err: expect.objectContaining({ message: expect.stringContaining('ECONNREFUSED') }),
      }),
    ]);
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });
});
