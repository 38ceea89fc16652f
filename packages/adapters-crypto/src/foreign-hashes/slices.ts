import { setImmediate } from 'node:timers/promises';

/**
 * The longest password that loops of fast hashes accept, in bytes: they hash it in each round, so that a longer one
 * would take more time.
 */
const longestPassword = 256;

/** Whether a loop of fast hashes accepts this password. */
export const isShort = (password: string) => Buffer.byteLength(password) <= longestPassword;

/** Some 0.3 ms of hashes. */
const roundsPerSlice = 128;

/**
 * Calls `round` with each number from 0 in turn. Other work of the event loop runs between slices of them, so that a
 * long loop of fast hashes blocks it no longer than parsing a request does.
 */
export async function inSlices(rounds: number, round: (index: number) => void): Promise<void> {
  for (let start = 0; start < rounds; start += roundsPerSlice) {
    const end = Math.min(rounds, start + roundsPerSlice);
    for (let index = start; index < end; index += 1) round(index);
    await setImmediate();
  }
}
