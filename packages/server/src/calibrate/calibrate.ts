import { totalmem } from 'node:os';
import type { Argon2Cost } from '@sallyport/adapters-crypto/argon2-cost';
import type { calibrateOptions } from '../commands/check-options.ts';
import type { Call, Outcome } from '../commands/command.ts';
import { UsageError } from '../commands/command.ts';
import { wholeNumber } from '../commands/options.ts';
import { hashesAtOnce, measureHashes } from './measure-hashes.ts';
import { suggestCost } from './suggest-cost.ts';

/** Milliseconds that a member hardly notices at a login, and that cost an attacker. */
const usualTarget = 250;

/** What is known of this machine. */
export interface Machine {
  readonly concurrency: number;
  readonly memoryKib: number;
  readonly measure: (cost: Argon2Cost) => Promise<number>;
}

/** Measures argon2 on this machine, and suggests its cost. */
export async function calibrate(call: Call<typeof calibrateOptions>, given?: Machine): Promise<Outcome> {
  const { environment, options } = call;
  const machine = given ?? thisMachine(Number(environment['UV_THREADPOOL_SIZE']) || undefined);
  const targetMs = wholeNumber('--target-ms', options['target-ms']) ?? usualTarget;
  const memoryMib = wholeNumber('--memory-mib', options['memory-mib']);
  if (targetMs === 0 || memoryMib === 0) throw new UsageError('A limit must be more than 0', 'calibrate');
  const { concurrency, measure } = machine;
  const memoryKib = memoryMib === undefined ? machine.memoryKib / 4 : memoryMib * 1024;
  const { memoryCost, timeCost, milliseconds } = await suggestCost({ targetMs, memoryKib, concurrency }, measure);
  const perSecond = (concurrency * 1000) / milliseconds;
  const peakMib = Math.ceil((concurrency * memoryCost) / 1024);
  const lines = [`ARGON2_MEMORY_KIB=${memoryCost}`, `ARGON2_PASSES=${timeCost}`];
  const notes = [
    `One hash takes ${Math.round(milliseconds)} ms while ${concurrency} run at once, on ${concurrency} cores.`,
    `That bears ${perSecond.toFixed(1)} logins per second, with ${peakMib} MiB for hashes at the peak.`,
    'At more, up to 64 logins wait for two seconds each. Then they are answered with 503 and Retry-After.',
    ...(milliseconds > targetMs
      ? [`This is the least cost that OWASP recommends, and takes longer than ${targetMs} ms.`]
      : []),
    'Hashes that are weaker are replaced at the next login of their member.',
  ];
  const json = {
    memory_kib: memoryCost,
    passes: timeCost,
    milliseconds,
    concurrency,
    logins_per_second: perSecond,
    peak_memory_mib: peakMib,
    meets_target: milliseconds <= targetMs,
  };
  return { lines, notes, json };
}

function thisMachine(threadPoolSize: number | undefined): Machine {
  // A container may have less memory than the machine.
  const constrained = process.constrainedMemory() || Infinity;
  return {
    concurrency: hashesAtOnce(threadPoolSize),
    memoryKib: Math.min(totalmem(), constrained) / 1024,
    measure: (cost) => measureHashes(cost, threadPoolSize),
  };
}
