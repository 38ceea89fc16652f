import { BlockList, isIP } from 'node:net';

/** The proxies whose statement about where a request came from is trusted. */
export function trustedProxies(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}

/**
 * The address that a request came from: the peer's or, if that is a trusted proxy, the one that the proxy names.
 * X-Forwarded-For is read from the right, because everything left of the outermost trusted proxy's entry can be forged.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  proxies: BlockList,
): string | undefined {
  const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? [];
  let address = unmapped(peer ?? '');
  while (isTrusted(address, proxies)) {
    const hop = unmapped(withoutPort(hops.pop() ?? ''));
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return isIP(address) === 0 ? undefined : address;
}

/** Some proxies name the port too, and some write an IPv6 address in brackets. */
function withoutPort(hop: string): string {
  const [, inBrackets, v4] = /^(?:\[([^\]]*)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5})$/.exec(hop) ?? [];
  return inBrackets ?? v4 ?? hop;
}

/** An IPv4 address that is mapped into IPv6 is returned as that IPv4 address (RFC 4291, section 2.5.5.2). */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function isTrusted(address: string, proxies: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && proxies.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
