import { canonicalAddress } from './address.ts';

/** Where a call came from, as far as known. */
export interface Origin {
  /**
   * The IPv4 or IPv6 address that the call came from, without a port. Callers without one share the limits by address,
   * so set it for each call that you forward.
   */
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The languages that the caller prefers, best first, as BCP 47 tags. A mail that the call causes is written in one. */
  readonly locales?: readonly string[] | undefined;
}

/** What is stored of an origin. */
export type StoredOrigin = Omit<Origin, 'locales'>;

const maxIp = 45;
const maxUserAgent = 512;

/** An origin that can be stored: an address has one spelling, and other text is truncated and made storable. */
export function originOf({ ip, userAgent }: Origin): StoredOrigin {
  return {
    ip: ip && (canonicalAddress(ip) ?? storable(ip, maxIp)),
    userAgent: userAgent && storable(userAgent, maxUserAgent),
  };
}

/** Truncates foreign text to so many code units, and makes it safe to store and to log. */
export function storable(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
}
