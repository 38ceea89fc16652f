import { SallyportError } from '@sallyport/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLog, httpLog } from './log.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
});
const destination = { write: (line: string) => void lines.push(line) };
const entries = () => lines.map((line): unknown => JSON.parse(line));
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('the log', () => {
  it('writes one JSON object a line, with its time', () => {
    createLog('info', destination).info('two\nlines');
    expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(entries()).toEqual([{ level: 30, time: isoTime, msg: 'two\nlines' }]);
  });

  it('tells what its level lets through', () => {
    for (const level of ['silent', 'error', 'info']) httpLog(createLog(level, destination)).request(request);
    expect(lines).toHaveLength(1);
  });

  const request = {
    requestId: 'r1',
    method: 'GET',
    route: '/posts',
    status: 404,
    code: 'user_not_found',
    durationMs: 1.2345,
    ip: '::1',
    userId: 7,
  };

  it('tells of a request, in tenths of milliseconds', () => {
    httpLog(createLog('info', destination)).request(request);
    expect(entries()).toEqual([{ level: 30, time: isoTime, ...request, durationMs: 1.2, msg: 'request' }]);
  });

  it('tells an error’s own words, origin and causes', () => {
    const cause = new TypeError('no such host');
    httpLog(createLog('info', destination)).error(new SallyportError('unavailable', { cause }), 'r1');
    expect(entries()).toEqual([
      {
        level: 50,
        time: isoTime,
        requestId: 'r1',
        msg: 'error',
        err: {
          name: 'SallyportError',
          message: 'The service is temporarily unavailable',
          stack: expect.stringContaining('log.test.ts'),
          cause: { name: 'TypeError', message: 'no such host', stack: expect.stringContaining('log.test.ts') },
        },
      },
    ]);
  });

  it.each<[what: string, thrown: unknown]>([
    ['an error of a driver', Object.assign(new Error('failed'), { params: ['hunter2'], detail: 'hunter2' })],
    ['such a cause', new Error('failed', { cause: Object.assign(new Error('it broke'), { body: 'hunter2' }) })],
    ['an object that is no Error', { password: 'hunter2' }],
    ['a text that is no Error', 'hunter2'],
    ['a cause that is no Error', new Error('failed', { cause: { password: 'hunter2' } })],
  ])('keeps to itself what else %s bears', (_what, thrown) => {
    httpLog(createLog('trace', destination)).error(thrown, 'r1');
    expect(lines.join('')).toContain('"msg":"error"');
    expect(lines.join('')).not.toContain('hunter2');
  });
});
