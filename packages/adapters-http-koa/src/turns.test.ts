import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { inTurns } from './turns.ts';

describe('inTurns', () => {
  const begun: string[] = [];
  const handle = inTurns(({ url = '' }) => void begun.push(url));
  beforeEach(() => begun.splice(0));

  function ask(url: string, authorization?: string, socket: object = {}): void {
    handle({ url, headers: { authorization }, socket } as IncomingMessage, {} as never);
  }

  /** What each of so many turns begins. */
  async function turns(count: number): Promise<readonly (readonly string[])[]> {
    const each: string[][] = [];
    for (let n = 0; n < count; n += 1) {
      await turn();
      each.push(begun.splice(0));
    }
    return each;
  }

  it('begins the first request at once, each further one a turn later, and those for health without waiting', async () => {
    for (const url of ['/a', '/b', '/c', '/health/live', '/d', '/health/ready']) ask(url);
    expect(begun.splice(0)).toEqual(['/a', '/health/live', '/health/ready']);
    expect(await turns(4)).toEqual([['/b'], ['/c'], ['/d'], []]);
    ask('/e');
    expect(begun).toEqual(['/e']);
    await turn();
  });

  it('leaves every second turn to those who bear a token, and every second one to others', async () => {
    for (const url of ['/1', '/2', '/3', '/4']) ask(url);
    ask('/me', 'Bearer token');
    ask('/you', 'Bearer token');
    const order = [...begun.splice(0), ...(await turns(6)).flat()];
    expect(order.slice(0, 5).filter((url) => /\d/.test(url))).toEqual(['/1', '/2', '/3']);
    expect(order.indexOf('/me')).toBeLessThanOrEqual(2);
    expect(order.indexOf('/you')).toBeLessThanOrEqual(4);
    expect(order.slice(-1)).toEqual(['/4']);
  });

  it('takes no login for a member’s, whatever it bears', async () => {
    for (const url of ['/1', '/2']) ask(url);
    for (let n = 0; n < 3; n += 1) ask('/auth/login', 'Bearer token');
    ask('/me', 'Bearer token');
    const order = [...begun.splice(0), ...(await turns(6)).flat()];
    expect(order.indexOf('/me')).toBeLessThanOrEqual(2);
  });

  it('lets one request of a connection wait, and begins those that it sent ahead in order', async () => {
    const socket = {};
    ask('/first');
    for (let n = 1; n <= 5; n += 1) ask(`/${n}`, undefined, socket);
    expect(begun).toEqual(['/first', '/1', '/2', '/3', '/4']);
    await turn();
    expect(begun.splice(0)).toEqual(['/first', '/1', '/2', '/3', '/4', '/5']);
    expect(await turns(2)).toEqual([[], []]);
  });

  it('begins nothing for whoever has left', async () => {
    const socket = { destroyed: false };
    ask('/first');
    ask('/gone', undefined, socket);
    ask('/last');
    socket.destroyed = true;
    expect([...begun.splice(0), ...(await turns(3)).flat()]).toEqual(['/first', '/last']);
  });
});
