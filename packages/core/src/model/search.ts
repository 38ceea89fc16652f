/** Letters that Unicode does not decompose, as people who search type them. */
const plainLetters: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
};

/**
 * Text as it is compared in a search: without case, accents and differences of width or composition. Every store
 * folds with it, so that what looks the same is found in all of them.
 */
export function foldForSearch(text: string): string {
  // Upper case first: it spells ß as SS, and both forms of the small sigma as one letter.
  return text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[æœøłđðþħŧ]/g, (letter) => plainLetters[letter] ?? letter);
}

/** The words of a name, folded. */
export function nameTerms(text: string): readonly string[] {
  return foldForSearch(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What an account is found by: its address, and each word of its name. */
export function searchTerms({ name, email }: { readonly name: string; readonly email: string }): readonly string[] {
  return [...new Set([foldForSearch(email), ...nameTerms(name)])];
}

/**
 * What a search looks for: an account is found if, of one of these lists, every text is the beginning of one of its
 * terms. The first list takes the search for an address, the second for words of a name.
 */
export function searchedTerms(search: string): readonly (readonly string[])[] {
  const address = foldForSearch(search);
  return [address === '' ? [] : [address], nameTerms(search)].filter((list) => list.length > 0);
}

/** Whether an account with these terms is found, for stores that keep no index. */
export function isFound(terms: readonly string[], searched: readonly (readonly string[])[]): boolean {
  return searched.some((list) => list.every((beginning) => terms.some((term) => term.startsWith(beginning))));
}
