/** The longest tag that is read, in characters (RFC 5646, section 4.4.1). */
const maxLength = 35;

/** A BCP 47 tag in its canonical case, such as `de-AT`; `undefined` if it is none (RFC 5646). */
export function canonicalTag(tag: string): string | undefined {
  if (tag.length > maxLength) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** A tag, then the tag without its last subtag, down to the language (RFC 4647, section 3.4). */
export function prefixesOf(tag: string): readonly string[] {
  const subtags = tag.split('-');
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
}
