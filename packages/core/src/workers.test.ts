import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Application } from './application.ts';
import type { System } from './model/caller.ts';
import { startWorkers, type WorkerOptions } from './workers.ts';

const system: System = { isSystem: true };

/** An application that does nothing but send mails and purge closed accounts in this way. */
function workersThat(
  sendMails: () => Promise<number>,
  purgeClosedAccounts: () => Promise<boolean> = async () => false,
  options?: WorkerOptions,
) {
  const useCase = (execute: () => Promise<unknown>) => ({ execute: vi.fn<() => Promise<unknown>>(execute) });
  const application = {
    sendMails: useCase(sendMails),
    purgeExpired: useCase(async () => false),
    purgeClosedAccounts: useCase(purgeClosedAccounts),
    maintainKeys: useCase(async () => {}),
  };
  const workers = startWorkers(application as unknown as Application, system, options);
  onTestFinished(() => workers.stop());
  return { workers, ...application };
}

describe('the workers', () => {
  it('send what comes next, while a mail server keeps two batches waiting', async () => {
    const ends: (() => void)[] = [];
    const { sendMails } = workersThat(
      () => new Promise((resolve) => (ends.length < 2 ? ends.push(() => resolve(1)) : resolve(0))),
    );
    await vi.waitFor(() => expect(sendMails.execute.mock.calls.length).toBeGreaterThan(4), 20_000);
    expect(sendMails.execute).toHaveBeenLastCalledWith(system);
    for (const end of ends) end();
  });

  it('do what there is more of at once, and nothing once they are stopped', async () => {
    let left = 5;
    const { workers, sendMails } = workersThat(async () => (left > 0 ? left-- : 0));
    await vi.waitFor(() => expect(left).toBe(0));
    await workers.stop();
    const { length } = sendMails.execute.mock.calls;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sendMails.execute.mock.calls).toHaveLength(length);
  });

  it('delete what closed accounts left batch after batch, also after a batch that failed', async () => {
    const outcomes: (() => Promise<boolean>)[] = [
      async () => true,
      () => Promise.reject(new Error('The connection is gone')),
      async () => true,
      async () => true,
    ];
    const next = () => outcomes.shift()?.() ?? Promise.resolve(false);
    const failures: unknown[] = [];
    const onFailure = (error: unknown, worker: string) => void failures.push([worker, error]);
    const { purgeClosedAccounts } = workersThat(async () => 0, next, { onFailure });
    await vi.waitFor(() => expect(outcomes).toHaveLength(0), 20_000);
    expect(purgeClosedAccounts.execute).toHaveBeenLastCalledWith(system);
    expect(failures).toEqual([['closed accounts', new Error('The connection is gone')]]);
  });

  it('pause no longer when the clock is set forward during a step', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const steps: boolean[] = [];
    workersThat(
      async () => 0,
      async () => {
        vi.setSystemTime(Date.now() + 3_600_000);
        return steps.push(true) < 3;
      },
    );
    await vi.waitFor(() => expect(steps.length).toBeGreaterThan(1));
  });

  it.each<[string, NonNullable<WorkerOptions['onFailure']>]>([
    [
      'throws',
      () => {
        throw new Error('no room for the log');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no room for the log'))],
    ['never settles', () => new Promise(() => {})],
  ])('go on after a listener that %s', async (_, onFailure) => {
    const unhandled = vi.fn<() => void>();
    process.once('unhandledRejection', unhandled);
    const next = vi.fn<() => Promise<boolean>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(false);
    workersThat(async () => 0, next, { onFailure });
    await vi.waitFor(() => expect(next.mock.calls.length).toBeGreaterThan(1), 20_000);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each([
    ['The option "onFailure" must be a function', { onFailure: null }],
    ['The option "maintain" must be a function', { maintain: 'every minute' }],
    ['The option "onFailre" is none of maintain, onFailure', { onFailre: () => {} }],
    ['The options must be an object', null],
  ])('do not start: %s', (sentence, options) => {
    expect(() => workersThat(async () => 0, undefined, options as never)).toThrow(sentence);
  });

  it('run the maintenance of the host', async () => {
    const maintain = vi.fn<() => Promise<void>>(async () => {});
    workersThat(async () => 0, undefined, { maintain });
    await vi.waitFor(() => expect(maintain).toHaveBeenCalledTimes(1));
  });
});
