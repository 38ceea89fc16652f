import { describe, expect, it } from 'vitest';
import { foldForSearch, isFound, nameTerms, searchedTerms, searchTerms } from './search.ts';

describe('foldForSearch', () => {
  it.each([
    ['ADA', 'ada'],
    ['Émile', 'emile'],
    ['E\u0301MILE', 'emile'],
    ['Zoë', 'zoe'],
    ['Größe', 'grosse'],
    ['GRÖẞE', 'grosse'],
    ['GRÖSSE', 'grosse'],
    ['Ærøskøbing', 'aeroskobing'],
    ['Łódź', 'lodz'],
    ['Đorđe Þór', 'dorde thor'],
    ['İstanbul', 'istanbul'],
    ['ısparta', 'isparta'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδός', 'οδοσ'],
    ['Ａｄａ', 'ada'],
    ['ﬁn', 'fin'],
    ['Việt', 'viet'],
    ['co\u00adop\u2060er\ufeff', 'cooper'],
    ['علی\u200cرضا', 'علیرضا'],
    ['ёлка', 'елка'],
    ['\u0301', ''],
    ['a\u200bd\u180ea\u2062\u034f\ufe0f\u{e0041}\u3164', 'ada'],
    ['عـــلـي', 'علي'],
    ["O'Neil 100%", "o'neil 100%"],
    ['O\u02bcNeil', "o'neil"],
    ['O\u2019Neil', "o'neil"],
    ['O\u02bbahu', "o'ahu"],
    ['😀', '😀'],
  ])('folds %j to %j', (text, folded) => {
    expect(foldForSearch(text)).toBe(folded);
  });

  it('folds what it has folded to the same text', () => {
    for (const text of ['Größe', 'GRÖẞE', 'ΟΔΟΣ', 'ŉ', 'ǰ', 'ΐ', '㌖', 'ﷺ', 'Ǆ', 'ﬃ', '한글', 'がぎ']) {
      expect(foldForSearch(foldForSearch(text))).toBe(foldForSearch(text));
    }
  });
});

describe('The terms of a name', () => {
  it.each([
    ['Ada King-Noel', ['ada', 'king', 'noel']],
    ["  O'Neil ", ['o', 'neil']],
    ['O\u02bcNeil', ['o', 'neil']],
    ['\u200bA\u200bda\u200b', ['ada']],
    ['\u3164\u115f', []],
    ['Ada ADA ädä', ['ada']],
    ['100% 2nd', ['100', '2nd']],
    ['😀 &|!:*()', []],
    ['山田 太郎', ['山田', '太郎']],
    ['\u0301', []],
  ])('of %j are %j', (name, terms) => {
    expect(nameTerms(name)).toEqual(terms);
  });

  it('stand beside the address, as a whole', () => {
    const user = { name: 'Ada King', email: 'ada.king+1@example.com' };
    expect(searchTerms(user)).toEqual(['ada.king+1@example.com', 'ada', 'king']);
  });
});

describe('A search', () => {
  const found = (search: string, name: string, email = 'x@example.com') =>
    isFound(searchTerms({ name, email }), searchedTerms(search));

  it.each([
    ['ki ad', 'Ada King'],
    ['KING', 'Ada King'],
    ['kíng', 'Ada King'],
    ['x@exa', 'Ada King'],
    ["o'neil", "Sinéad O'Neil"],
    ...["'", '\u2019', '\u02bc', '\u02bb'].flatMap((one) =>
      ["'", '\u2019', '\u02bc', '\u02bb'].map((other): [string, string] => [`o${one}neil`, `Sinéad O${other}Neil`]),
    ),
    ['ada', 'A\u200bd\u2062a King'],
    ['k\u180eing', 'Ada King'],
    ['علي', 'عـلي'],
  ])('for %j finds %s', (search, name) => {
    expect(found(search, name)).toBe(true);
  });

  it.each([
    ['ing', 'Ada King'],
    ['ada queen', 'Ada King'],
    ['example', 'Ada King'],
    ['%', '100%'],
    ['\u0301', 'Ada King'],
    ['', 'Ada King'],
    ['😀', '😀😀'],
  ])('for %j does not find %s', (search, name) => {
    expect(found(search, name)).toBe(false);
  });

  it('for text that is longer than any term finds nothing, and compares nothing', () => {
    const longest = '㌖'.repeat(50);
    expect(found(longest, longest)).toBe(true);
    expect(searchedTerms('㌖'.repeat(254))).toEqual([]);
    expect(searchedTerms('x'.repeat(254))).toHaveLength(1);
  });
});
