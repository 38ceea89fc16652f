import { BlockList, isIP, SocketAddress } from 'node:net';
import { remembering } from './remembering.ts';

/** The longest spelling of an address, without a zone. */
const maxLength = 45;

/** Proxies whose statement about where a request came from is trusted. */
export interface TrustedProxies {
  readonly include: (address: string) => boolean;
}

/** The proxies in these blocks. */
export function trustedProxies(cidrs: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  const isListed = (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
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

/** The address that the host gives for a client; `undefined` if it gives anything but a text, such as a promise. */
export function givenAddress(given: unknown): string | undefined {
  if (typeof given === 'string' && given !== '') return given;
  // Nothing else handles the rejection of a promise.
  Promise.resolve(given).catch(() => {});
  return undefined;
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

/**
 * The one way to write an address (RFC 5952, without a zone), or `undefined` if it is none. An IPv4 address that is
 * mapped into IPv6 is that IPv4 address (RFC 4291, section 2.5.5.2).
 */
const canonical = remembering((text): string | undefined => {
  const address = unmapped(text);
  const version = isIP(address);
  if (version === 6) return unmapped(new SocketAddress({ address, family: 'ipv6' }).address);
  return version === 4 ? address : undefined;
}, maxLength);

function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
