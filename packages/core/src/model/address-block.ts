/** The shared address of all callers without an address, or with a text that is not an address. */
export const noAddress = '';

/** Longer than any address with a zone. */
const maxLength = 100;

/**
 * The unit that is limited as one address: an IPv4 address, or the 64 leading bits of an IPv6 address, because one
 * customer holds such a block and can use any address in it (RFC 6177). An IPv4 address that is mapped into IPv6 counts
 * as that IPv4 address (RFC 4291, section 2.5.5.2). All spellings of an address count as one. Any other text counts as
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
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isMapped) return { version: 6, groups };
  const [high = 0, low = 0] = groups.slice(-2);
  return { version: 4, bytes: [high >> 8, high & 0xff, low >> 8, low & 0xff] };
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
