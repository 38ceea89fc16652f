import { type Argon2Cost, memoryCosts, timeCosts } from '@sallyport/adapters-crypto/argon2-cost';

/** What a cost may take at most. */
export interface CostGoal {
  /** Milliseconds of one hash while all threads hash. */
  readonly targetMs: number;
  /** KiB of all hashes that run at once, together. */
  readonly memoryKib: number;
  /** Hashes that run at once. */
  readonly concurrency: number;
}

/** A cost, and what was measured with it. */
export interface Suggestion extends Argon2Cost {
  readonly milliseconds: number;
}

/** Measurements after the first one. The time of a hash is nearly proportional to its cost, so few suffice. */
const rounds = 4;

/** How far over the target a measured time may be. */
const tolerance = 1.05;

/** Memory is suggested in whole mebibytes. */
const step = 1024;

/**
 * Finds the strongest cost within a goal: first as much memory as possible, then passes (RFC 9106, section 4). It never
 * goes below OWASP's minimum, even if that takes longer than the goal allows.
 *
 * @param measure milliseconds of a hash of this cost, while as many run as may at once
 */
export async function suggestCost(
  { targetMs, memoryKib, concurrency }: CostGoal,
  measure: (cost: Argon2Cost) => Promise<number>,
): Promise<Suggestion> {
  const weakest: Argon2Cost = { memoryCost: memoryCosts.min, timeCost: timeCosts.min };
  const most = Math.max(memoryCosts.min, Math.min(memoryCosts.max, Math.floor(memoryKib / concurrency)));
  let best: Suggestion = { ...weakest, milliseconds: await measure(weakest) };
  let known = best;
  for (let round = 0; round < rounds; round += 1) {
    const next = scaled(known, targetMs / known.milliseconds, most);
    if (workOf(next) === workOf(known) || workOf(next) <= workOf(best)) break;
    known = { ...next, milliseconds: await measure(next) };
    if (known.milliseconds <= targetMs * tolerance) best = known;
  }
  return best;
}

const workOf = ({ memoryCost, timeCost }: Argon2Cost) => memoryCost * timeCost;

/** A cost that takes so many times as long, with memory first. */
function scaled(cost: Argon2Cost, factor: number, most: number): Argon2Cost {
  const work = workOf(cost) * factor;
  const wanted = Math.floor(work / timeCosts.min / step) * step;
  const memoryCost = Math.max(memoryCosts.min, Math.min(most, wanted));
  const passes = Math.floor(work / memoryCost);
  return { memoryCost, timeCost: Math.max(timeCosts.min, Math.min(timeCosts.max, passes)) };
}
