/**
 * What counts as one address: an IPv4 address, or the 64 leading bits of an IPv6 address, which is what one
 * customer holds and can change at will below (RFC 6177). An IPv4 address that was mapped into IPv6 is that
 * IPv4 address (RFC 4291, section 2.5.5.2), and each way to spell an address is the same.
 */
export function addressBlock(ip: string): string {
  const [address = ''] = ip.toLowerCase().split('%');
  if (!address.includes(':')) return address;
  const groups = groupsOf(withoutDottedQuad(address));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  }
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** The eight groups of 16 bits, with zeros in the place of `::`. */
function groupsOf(address: string): readonly number[] {
  const [before = [], after = []] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** RFC 4291, section 2.2: the last 32 bits may be written as an IPv4 address. */
function withoutDottedQuad(address: string): string {
  return address.replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number];
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
