import { type Finding, findingsOf } from './finding.ts';

const { ok, warning } = findingsOf('password hashes');

/** Milliseconds that a hash should take an attacker's machine, and so ours, at least. */
const quickest = 25;

/** Whether the configured cost is a cost on this machine. */
export async function checkHashes(
  { memoryKib, passes }: { readonly memoryKib: number; readonly passes: number },
  measure: () => Promise<number>,
): Promise<readonly Finding[]> {
  const milliseconds = await measure();
  const cost = `argon2id with ${memoryKib} KiB and ${passes} passes takes ${Math.round(milliseconds)} ms here`;
  if (milliseconds >= quickest) return [ok(cost)];
  return [warning(`${cost}, and an attacker tries as fast`, 'run sallyport calibrate, and set what it suggests')];
}
