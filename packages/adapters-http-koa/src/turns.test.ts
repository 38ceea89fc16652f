import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { inTurns } from './turns.ts';

describe('inTurns', () => {
  const begun: string[] = [];
  const handle = inTurns(({ url = '' }) => void begun.push(url));
  beforeEach(() => begun.splice(0));

  /** The response emits `close` when it has been sent, or its client has left. */
  function ask(url: string, authorization?: string, socket: object = { writable: true }): EventEmitter {
    const response = new EventEmitter();
    handle({ url, headers: { authorization }, socket } as IncomingMessage, response as ServerResponse);
    return response;
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

  it('begins no request of a client that has left, and spends no turn on it', async () => {
    ask('/first');
    const gone = Array.from({ length: 100 }, (_, n) => ask(`/gone/${n}`));
    ask('/last');
    for (const response of gone) response.emit('close');
    expect([...begun.splice(0), ...(await turns(1))]).toEqual(['/first', ['/last']]);
    await turn();
  });

  it('begins no request of a connection that was refused or ended meanwhile', async () => {
    const socket = { writable: true };
    ask('/first');
    ask('/refused', undefined, socket);
    ask('/last');
    socket.writable = false;
    expect([...begun.splice(0), ...(await turns(3)).flat()]).toEqual(['/first', '/last']);
  });
});
