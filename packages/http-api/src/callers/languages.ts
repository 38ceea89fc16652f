import Negotiator from 'negotiator';

/** A longer header is cut: no browser sends one. */
const maxLength = 500;

/** Enough headers for the browsers of many users. There are few different ones. */
const maxKnown = 1_000;

const known = new Map<string, readonly string[]>();

/** The languages that an Accept-Language header prefers, best first (RFC 9110, section 12.5.4). */
export function preferredLanguages(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  const text = header.slice(0, maxLength);
  const found = known.get(text);
  if (found) return found;
  const languages = new Negotiator({ headers: { 'accept-language': text } }).languages().filter((tag) => tag !== '*');
  if (known.size === maxKnown) known.clear();
  known.set(text, languages);
  return languages;
}
