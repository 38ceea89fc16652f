import { expect, inject, it } from 'vitest';
import { fuzz, type FuzzOptions } from './fuzz.ts';
import { inWords } from './report.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What `npm run fuzz` was asked for. */
    fuzz: FuzzOptions;
  }
}

it('holds against fuzzing', { timeout: 0 }, async () => {
  const report = await fuzz(inject('fuzz'));
  console.log(inWords(report));
  expect(report.failures).toHaveLength(0);
});
