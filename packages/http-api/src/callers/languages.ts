import Negotiator from 'negotiator';
import { remembering } from './remembering.ts';

/** A longer header is cut: no browser sends one. */
const maxLength = 500;

/** The languages that an Accept-Language header prefers, best first (RFC 9110, section 12.5.4). */
export function preferredLanguages(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  return languagesOf(header.slice(0, maxLength));
}

const languagesOf = remembering(
  (text) => new Negotiator({ headers: { 'accept-language': text } }).languages().filter((tag) => tag !== '*'),
  maxLength,
);
