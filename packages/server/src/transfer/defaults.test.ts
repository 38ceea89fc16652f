import { policyOf } from '@sallyport/core';
import { expect, it } from 'vitest';
import { profile } from '../profile.ts';
import { readDefaults } from './defaults.ts';

const policy = policyOf({ profile });
const read = (...given: readonly string[]) => readDefaults(given, policy);

it('a default is JSON if its field accepts that, otherwise text', () => {
  expect(read()).toEqual({});
  expect(read('age=0', 'city=Bath = Aquae Sulis')).toEqual({ age: 0, city: 'Bath = Aquae Sulis' });
  expect(read('city=7', 'city=')).toEqual({ city: '' });
  expect(read('city="7"')).toEqual({ city: '7' });
});

it.each(['age', 'age=', 'age=old', 'age=151', 'name=Ada', 'hobby=chess', '=0', ''])(
  'the default %j is refused in a sentence',
  (given) => {
    expect(() => read(given)).toThrow(/^--default .* (names no field of the profile|has a value that)/);
  },
);
