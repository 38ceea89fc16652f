import fc from 'fast-check';
import { rawShot } from './raw-grammar.ts';
import { anyShot } from './route-shots.ts';
import { insistentStory } from './insistence.ts';
import { toldStory } from './stories.ts';
import type { Plan, Step } from './shot.ts';

const race: fc.Arbitrary<Step> = fc.array(anyShot, { minLength: 2, maxLength: 5 }).map((together) => ({ together }));

const atRandom = fc
  .array(fc.oneof<fc.WeightedArbitrary<Step>[]>({ weight: 12, arbitrary: anyShot }, { weight: 1, arbitrary: race }), {
    minLength: 1,
    maxLength: 16,
    size: 'max',
  })
  .map((steps): Plan => ({ kind: 'at random', steps }));

const raw = fc
  .array(rawShot, { minLength: 1, maxLength: 8, size: 'max' })
  .map((steps): Plan => ({ kind: 'raw', steps }));

/** What is tried in one go. */
export const anyPlan: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 500, arbitrary: atRandom },
  { weight: 150, arbitrary: toldStory },
  { weight: 250, arbitrary: raw },
  { weight: 1, arbitrary: insistentStory },
);
