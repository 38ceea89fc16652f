import { addressGroups, inHex, ipv4Bytes, mappedPrefix } from './address.ts';

/** The shared address of all callers without an address, or with a text that is not an address. */
export const noAddress = '';

/**
 * The unit that is limited as one address: an IPv4 address, or the 64 leading bits of an IPv6 address, because one
 * customer holds such a block and can use any address in it (RFC 6177). An IPv6 address that contains the IPv4 address of
 * its holder counts as that IPv4 address: one that is mapped (RFC 4291, section 2.5.5.2), one of NAT64's well-known
 * prefix (RFC 6052, section 2.1), one of 6to4 (RFC 3056, section 2), whose holder has 65,536 blocks. All spellings of an address count as one. Any other text counts as
 * `noAddress`: otherwise each spelling would open a new bucket.
 */
export function addressBlock(ip: string | undefined): string {
  const parts = partsOf(ip);
  if (!parts) return noAddress;
  return parts.version === 4 ? parts.bytes.join('.') : `${inHex(parts.groups.slice(0, 4))}::/64`;
}

/**
 * The network of an address: the 24 leading bits of an IPv4 address, the 48 leading bits of an IPv6 address. It is what
 * an account and a session remember of a place, because providers move their customers within such a block. Spellings
 * and other texts count as in `addressBlock`.
 */
export function networkOf(ip: string | undefined): string {
  const parts = partsOf(ip);
  if (!parts) return noAddress;
  return parts.version === 4 ? `${parts.bytes.slice(0, 3).join('.')}.0/24` : `${inHex(parts.groups.slice(0, 3))}::/48`;
}

type Parts =
  | { readonly version: 4; readonly bytes: readonly number[] }
  | { readonly version: 6; readonly groups: readonly number[] };

/** The four bytes or the eight groups of an address; `undefined` if the text is not one. */
function partsOf(ip: string | undefined): Parts | undefined {
  const groups = addressGroups(ip ?? '');
  if (!groups) return undefined;
  const ipv4 = embeddedIpv4(groups);
  return ipv4.length === 0 ? { version: 6, groups } : { version: 4, bytes: ipv4Bytes(ipv4) };
}

/** The two groups in which an IPv6 address contains the IPv4 address of its holder. Empty if it contains none. */
function embeddedIpv4(groups: readonly number[]): readonly number[] {
  const prefix = inHex(groups.slice(0, 6));
  if (prefix === mappedPrefix || prefix === '64:ff9b:0:0:0:0') return groups.slice(6);
  return groups[0] === 0x2002 ? groups.slice(1, 3) : [];
}
