/** Letters that Unicode does not decompose, as people who search type them; and the sigma that ends a word. */
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
  ς: 'σ',
};

/**
 * Text as it is compared in a search: without case, accents and differences of width or composition. Every store
 * folds with it, so that what looks the same is found in all of them.
 */
export function foldForSearch(text: string): string {
  // By way of upper case, which spells ß as SS; lower case first, for the capital ẞ.
  return text
    .normalize('NFKD')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[æœøłđðþħŧς]/g, (letter) => plainLetters[letter] ?? letter);
}

/** No term is longer. Folding makes a longer text of some: it finds nothing, and no store has to compare it. */
const maxTerm = 600;

/** The words of a name, folded, each once. */
export function nameTerms(text: string): readonly string[] {
  return [...new Set(foldForSearch(text).match(/[\p{L}\p{N}]+/gu))];
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
  const words = nameTerms(search);
  // One word is the beginning of an address as it is.
  const lists = words.length === 1 && words[0] === address ? [words] : [address === '' ? [] : [address], words];
  return lists.filter((list) => list.length > 0 && list.every((text) => text.length <= maxTerm));
}

/** Whether an account with these terms is found, for stores that keep no index. */
export function isFound(terms: readonly string[], searched: readonly (readonly string[])[]): boolean {
  return searched.some((list) => list.every((beginning) => terms.some((term) => term.startsWith(beginning))));
}
