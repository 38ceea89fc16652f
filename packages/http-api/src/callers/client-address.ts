import { isIP } from 'node:net';
import { canonicalAddress } from '@sallyport/core';
import { addressRange, bitsOf } from './address-ranges.ts';
import { remembering } from './remembering.ts';

/** The longest spelling of an address, without a zone. */
const maxLength = 45;

/** Proxies whose statement about where a request came from is trusted. */
export interface TrustedProxies {
  readonly include: (address: string) => boolean;
}

/**
 * The proxies with these addresses, or in these CIDR blocks.
 *
 * @throws Error when one is neither, or is written with a mapped IPv4 address and a prefix of less than 96
 */
export function trustedProxies(cidrs: readonly string[]): TrustedProxies {
  const ranges = cidrs.map((cidr) => {
    const range = addressRange(cidr);
    if (!range) throw new Error(`${JSON.stringify(cidr)} is not an IP address or a CIDR block of a proxy`);
    return range;
  });
  const isListed = (address: string) => {
    const bits = bitsOf(address);
    return bits !== undefined && ranges.some(({ first, last }) => first <= bits && bits <= last);
  };
  return { include: cidrs.length === 0 ? () => false : remembering(isListed, maxLength) };
}

/**
 * The address that a request came from: the peer's or, if that is a trusted proxy, the one that the proxy names.
 * X-Forwarded-For is read from the right, because everything left of the outermost trusted proxy's entry can be forged.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  proxies: TrustedProxies,
): string | undefined {
  const hops = forwardedFor?.split(',') ?? [];
  let address = canonical(peer ?? '');
  while (address !== undefined && proxies.include(address)) {
    // An empty entry is not skipped: the one before it may be the client's own.
    const hop = canonical(plain(hops.pop() ?? ''));
    if (hop === undefined) break;
    address = hop;
  }
  return address;
}

/**
 * An entry without what proxies add to an address: quotes, brackets, a port. Without brackets, what follows the last
 * colon of an IPv6 address is a port where it cannot be part of the address: it has five digits, or follows all eight
 * groups or an IPv4 address. `2001:db8::1:443` is ambiguous, and is read as an address.
 */
function plain(entry: string): string {
  const hop = entry.trim().replace(/^"(.*)"$/, '$1');
  const [, inBrackets] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop) ?? [];
  if (inBrackets !== undefined) return inBrackets;
  return isIP(hop) === 0 ? hop.replace(/:\d{1,5}$/, '') : hop;
}

const canonical = remembering(canonicalAddress, maxLength);
