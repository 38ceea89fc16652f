import type { Application, System } from '@sallyport/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from './log.ts';
import { createWorkers } from './workers.ts';

const system: System = { isSystem: true };

/** An application that does nothing but send mails in this way. */
function workersThat(sendMails: () => Promise<number>) {
  const useCase = (execute: () => Promise<unknown>) => ({ execute: vi.fn<() => Promise<unknown>>(execute) });
  const application = {
    sendMails: useCase(sendMails),
    purgeExpired: useCase(async () => false),
    maintainKeys: useCase(async () => {}),
  };
  const database = { maintain: async () => {} };
  const workers = createWorkers(
    { application: application as unknown as Application, system },
    database,
    createLog('silent'),
  );
  onTestFinished(() => workers.stop());
  return { workers, ...application };
}

describe('the workers', () => {
  it('send what comes next, while a mail server keeps two batches waiting', async () => {
    const ends: (() => void)[] = [];
    const { workers, sendMails } = workersThat(
      () => new Promise((resolve) => (ends.length < 2 ? ends.push(() => resolve(1)) : resolve(0))),
    );
    workers.start();
    await vi.waitFor(() => expect(sendMails.execute.mock.calls.length).toBeGreaterThan(4), 20_000);
    expect(sendMails.execute).toHaveBeenLastCalledWith(system);
    for (const end of ends) end();
  });

  it('do what there is more of at once, and nothing once they are stopped', async () => {
    let left = 5;
    const { workers, sendMails } = workersThat(async () => (left > 0 ? left-- : 0));
    workers.start();
    await vi.waitFor(() => expect(left).toBe(0));
    await workers.stop();
    const { length } = sendMails.execute.mock.calls;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sendMails.execute.mock.calls).toHaveLength(length);
  });
});
