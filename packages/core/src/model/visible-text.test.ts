import { describe, expect, it } from 'vitest';
import type * as v from 'valibot';
import { isSallyportError } from './errors.ts';
import { parse } from './input.ts';
import { visibleLine, visibleProse } from './visible-text.ts';

const wordsFor = (schema: v.GenericSchema, text: string) => {
  try {
    return parse(schema, text);
  } catch (error) {
    if (isSallyportError(error)) return error.issues.map(({ message }) => message);
    throw error;
  }
};

const invisible = [
  ...'\u00ad\u034f\u115f\u1160\u180e\u200b\u200d\u2060\u2062\u2800\u3164\ufe0f\uffa0',
  '\u{1d159}',
  '\u{e0041}',
  '\u200b \u3164',
];

describe.each([
  ['A visible line', visibleLine(2, 50)],
  ['Visible prose', visibleProse(2, 50)],
] as const)('%s', (_, schema) => {
  it.each(invisible.map((text) => [...text].map((one) => `U+${one.codePointAt(0)?.toString(16)}`).join(' ')))(
    'is not %s alone',
    (name) => {
      const text = name
        .split(' ')
        .map((one) => String.fromCodePoint(Number.parseInt(one.slice(2), 16)))
        .join('');
      expect(wordsFor(schema, `${text}${text}`)).toEqual(['Must contain a visible character']);
      expect(wordsFor(schema, `${text}a`)).toBe(`${text}a`);
    },
  );

  it.each([
    '👩‍👩‍👧',
    'علی\u200cرضا',
    '❤\ufe0f',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '. .',
    '葛\u{e0100}城',
  ])('may be %s', (text) => {
    expect(wordsFor(schema, text)).toBe(text);
  });
});

describe('A visible line', () => {
  it.each(['\u206a', '\u206f', '\ufff9', '\ufffb', '\ufffe', '\uffff', '\ufdd0', '\u{1fffe}', '\u{10ffff}'])(
    'does not contain %j',
    (odd) => {
      const words = ['Must not contain deprecated format characters or noncharacters'];
      expect(wordsFor(visibleLine(2, 50), `a${odd}b`)).toEqual(words);
    },
  );
});
