/** Longer than any address with a zone. */
const maxLength = 100;

/**
 * The eight groups of 16 bits of an IPv6 address. An IPv4 address has those of the address that it is mapped to
 * (RFC 4291, section 2.5.5.2). A zone (`%eth0`) is dropped. `undefined` if the text is not an address.
 */
export function addressGroups(text: string): readonly number[] | undefined {
  if (text.length > maxLength) return undefined;
  const [, address] = /^([^%]+)(?:%.+)?$/.exec(isIpv4(text) ? `::ffff:${text}` : text) ?? [];
  return address?.includes(':') ? groupsOf(address) : undefined;
}

/**
 * The one spelling of an address (RFC 5952), without a zone. An IPv4 address that is mapped into IPv6 is that IPv4
 * address. `undefined` if the text is not an address.
 */
export function canonicalAddress(text: string): string | undefined {
  const groups = addressGroups(text);
  if (!groups) return undefined;
  const isMapped = inHex(groups.slice(0, 6)) === mappedPrefix;
  return isMapped ? ipv4Bytes(groups.slice(6)).join('.') : compressed(inHex(groups));
}

/** The 96 bits before an IPv4 address that is mapped into IPv6. */
export const mappedPrefix = '0:0:0:0:0:ffff';

export function inHex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

/** The four bytes of an IPv4 address in two groups. */
export function ipv4Bytes(groups: readonly number[]): readonly number[] {
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** RFC 5952, section 4.2: the first of the longest runs of zeros becomes `::`. */
function compressed(text: string): string {
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].toSorted(([a], [b]) => b.length - a.length);
  if (!longest) return text;
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** Whether this is an IPv4 address, in the only spelling that no program reads as octal. */
function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255);
}

/** The eight groups of 16 bits, with zeros in the place of `::`. `undefined` if this is not an IPv6 address. */
function groupsOf(address: string): readonly number[] | undefined {
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
