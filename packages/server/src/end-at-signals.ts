import { constants } from 'node:os';

/**
 * Has SIGTERM and SIGINT end this process, with the status that a shell reports for them, if it is process 1 of a
 * container. The kernel drops signals to process 1 that have no handler (pid_namespaces(7)). They end any other process
 * by themselves.
 */
export function endAtSignals(): void {
  if (process.pid !== 1) return;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
