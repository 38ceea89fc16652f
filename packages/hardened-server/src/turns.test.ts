import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { inTurns } from './turns.ts';

describe('inTurns', () => {
  const begun: string[] = [];
  const handle = inTurns(({ url = '' }) => void begun.push(url), {
    isUrgent: ({ url }) => url === '/urgent',
    kindOf: ({ url = '' }) => url.split('/')[1] ?? '',
    perTurn: (kind) => (kind === 'few' ? 3 : 1),
  });
  beforeEach(() => begun.splice(0));

  /** The response emits `close` when it has been sent, or its client has left. */
  function ask(url: string, socket: object = { writable: true }): EventEmitter {
    const response = new EventEmitter();
    handle({ url, socket } as IncomingMessage, response as ServerResponse);
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

  it('begins the first request at once, each further one a turn later, and an urgent one before it', async () => {
    for (const url of ['/a/1', '/a/2', '/a/3', '/urgent', '/a/4', '/urgent']) ask(url);
    expect(begun.splice(0)).toEqual(['/a/1']);
    expect(await turns(4)).toEqual([['/urgent', '/a/2'], ['/urgent', '/a/3'], ['/a/4'], []]);
    ask('/a/5');
    expect(begun).toEqual(['/a/5']);
    await turn();
  });

  it('begins one urgent request in each turn, and leaves the others theirs, however many urgent ones come', async () => {
    for (let n = 0; n < 100; n += 1) ask('/urgent');
    for (const url of ['/a/1', '/b/1']) ask(url);
    expect(begun.splice(0)).toEqual(['/urgent']);
    expect(await turns(3)).toEqual([['/urgent', '/a/1'], ['/urgent', '/b/1'], ['/urgent']]);
    await turns(100);
  });

  it('lets the kinds that wait take turns, each in the order of arrival', async () => {
    for (const url of ['/a/1', '/a/2', '/a/3', '/a/4', '/b/1', '/b/2', '/c/1']) ask(url);
    const order = [...begun.splice(0), ...(await turns(7)).flat()];
    expect(order).toEqual(['/a/1', '/a/2', '/b/1', '/c/1', '/a/3', '/b/2', '/a/4']);
  });

  it('begins as many requests of a kind in its turn as that kind may, and no more', async () => {
    for (const url of ['/first', '/few/1', '/b/1', '/few/2', '/b/2', '/few/3', '/few/4', '/few/5']) ask(url);
    begun.splice(0);
    expect(await turns(5)).toEqual([['/few/1', '/few/2', '/few/3'], ['/b/1'], ['/few/4', '/few/5'], ['/b/2'], []]);
  });

  it('leaves a kind its share, however many requests of another kind come', async () => {
    for (let n = 0; n < 3; n += 1) ask(`/burst/${n}`);
    ask('/b/1');
    let more = 3;
    const order: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      ask(`/burst/${(more += 1)}`);
      ask(`/burst/${(more += 1)}`);
      order.push(...(await turns(1)).flat());
    }
    expect(order.indexOf('/b/1')).toBeLessThanOrEqual(2);
    await turns(20);
  });

  it('begins no request of a client that has left, and spends no turn on it', async () => {
    ask('/a/first');
    const gone = Array.from({ length: 100 }, (_, n) => ask(`/gone/${n}`));
    ask('/a/last');
    gone.push(ask('/urgent'));
    for (const response of gone) response.emit('close');
    expect([...begun.splice(0), ...(await turns(1))]).toEqual(['/a/first', ['/a/last']]);
    await turn();
  });

  it('begins no request of a connection that was refused or ended meanwhile', async () => {
    const socket = { writable: true };
    ask('/a/first');
    ask('/a/refused', socket);
    ask('/a/last');
    socket.writable = false;
    expect([...begun.splice(0), ...(await turns(3)).flat()]).toEqual(['/a/first', '/a/last']);
  });
});
