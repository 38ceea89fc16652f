import { describe, expect, it } from 'vitest';
import { preferredLanguages } from './languages.ts';

describe('preferredLanguages', () => {
  it.each([
    [undefined, undefined],
    ['', []],
    ['*', []],
    ['de', ['de']],
    ['de-AT,de;q=0.9,en;q=0.8', ['de-AT', 'de', 'en']],
    ['en;q=0.1, de;q=0.9, fr;q=0', ['de', 'en']],
    ['*, de;q=0.5', ['de']],
    ['not a language!!', []],
    [';;;q=,', []],
  ])('reads %j as %j', (header, languages) => {
    expect(preferredLanguages(header)).toEqual(languages);
  });

  it('reads the beginning of a header of any length', () => {
    expect(preferredLanguages(`de,${'en,'.repeat(100_000)}`)?.[0]).toBe('de');
    expect(preferredLanguages(`de,${','.repeat(100_000)}`)).toEqual(['de']);
  });

  it('gives the same answer to a header that was seen before, and after many others', () => {
    for (let n = 0; n < 3_000; n += 1) preferredLanguages(`de;q=0.${n}`);
    for (const _ of [1, 2]) expect(preferredLanguages('de, en')).toEqual(['de', 'en']);
  });
});
