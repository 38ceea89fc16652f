/** The shared address of all callers without an address, or with a text that is not an address. */
export const noAddress = '';

/** Longer than any address with a zone. */
const maxLength = 100;

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
  if (!ip || ip.length > maxLength) return undefined;
  if (!ip.includes(':')) return isIpv4(ip) ? { version: 4, bytes: ip.split('.').map(Number) } : undefined;
  const groups = groupsOf(ip);
  if (!groups) return undefined;
  const [high, low] = embeddedIpv4(groups);
  if (high === undefined || low === undefined) return { version: 6, groups };
  return { version: 4, bytes: [high >> 8, high & 0xff, low >> 8, low & 0xff] };
}

/** The two groups in which an IPv6 address contains the IPv4 address of its holder. Empty if it contains none. */
function embeddedIpv4(groups: readonly number[]): readonly number[] {
  const prefix = inHex(groups.slice(0, 6));
  if (prefix === '0:0:0:0:0:ffff' || prefix === '64:ff9b:0:0:0:0') return groups.slice(6);
  return groups[0] === 0x2002 ? groups.slice(1, 3) : [];
}

function inHex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

/** Whether this is an IPv4 address, in the only spelling that no program reads as octal. */
function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255);
}

/**
 * The eight groups of 16 bits, with zeros in the place of `::`. A zone (`%eth0`) is dropped. `undefined` if this is not
 * an IPv6 address.
 */
function groupsOf(ip: string): readonly number[] | undefined {
  const [address = ''] = ip.split('%');
  const halves = withoutDottedQuad(address).split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

/** RFC 4291, section 2.2: the last 32 bits may be written as an IPv4 address. */
function withoutDottedQuad(address: string): string {
  const start = address.lastIndexOf(':') + 1;
  const quad = address.slice(start);
  if (!isIpv4(quad)) return address;
  const [a = 0, b = 0, c = 0, d = 0] = quad.split('.').map(Number);
  return `${address.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
