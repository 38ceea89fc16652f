/** Letters that Unicode does not decompose, mapped to what users type when they search. Also the final sigma. */
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
 * Letters and quotation marks that look like an apostrophe. Some scripts write the letters in words, as in Oʻahu, but
 * users type the one that their keyboard has.
 */
const apostrophes = /[ʹʻʼʽʾʿˈ‘’‛′ꞌ՚׳]/gu;

/** What is not visible (Unicode Standard Annex #44, "Default_Ignorable_Code_Point"), and the stroke that stretches an Arabic word. */
const ignorable = /[\p{M}\p{Default_Ignorable_Code_Point}\u0640]/gu;

/**
 * Text as it is compared in a search: without case, accents, invisible characters, and differences of width, composition
 * or apostrophes (NFKD, Unicode Standard Annex #15). What is stored is NFC, see `line`. Every store folds with this
 * function, so a search finds the same in all of them.
 */
export function foldForSearch(text: string): string {
  // The upper case spells ß as SS. The lower case comes first, for the capital ẞ.
  return text
    .normalize('NFKD')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(ignorable, '')
    .replaceAll(apostrophes, "'")
    .replaceAll(/[æœøłđðþħŧς]/g, (letter) => plainLetters[letter] ?? letter);
}

/** No term is longer. A text that is longer after folding matches nothing, so no store has to compare it. */
const maxTerm = 600;

/** The folded words of a name, without repetitions. */
export function nameTerms(text: string): readonly string[] {
  return [...new Set(foldForSearch(text).match(/[\p{L}\p{N}]+/gu))];
}

/** The terms that find an account: its address, and each word of its name. */
export function searchTerms({ name, email }: { readonly name: string; readonly email: string }): readonly string[] {
  return [...new Set([foldForSearch(email), ...nameTerms(name)])];
}

/**
 * The lists of terms that a search looks for. An account matches a list if each text of the list is the beginning of
 * one of the account's terms. It is found if it matches any of the lists. The first list reads the search as an
 * address, the second as words of a name.
 */
export function searchedTerms(search: string): readonly (readonly string[])[] {
  const address = foldForSearch(search);
  const words = nameTerms(search);
  // A single word is already the beginning of an address.
  const lists = words.length === 1 && words[0] === address ? [words] : [address === '' ? [] : [address], words];
  return lists.filter((list) => list.length > 0 && list.every((text) => text.length <= maxTerm));
}

/** Whether these terms of an account match the search, for stores without an index. */
export function isFound(terms: readonly string[], searched: readonly (readonly string[])[]): boolean {
  return searched.some((list) => list.every((beginning) => terms.some((term) => term.startsWith(beginning))));
}
