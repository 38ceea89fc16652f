import { addressGroups } from '@sallyport/core';

/** The first and the last address of a network, as the 128 bits of IPv6. IPv4 addresses are mapped (RFC 4291, 2.5.5.2). */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** The bits in front of a mapped IPv4 address. */
const mappedBits = 96;

/**
 * Reads an address or a CIDR block. `undefined` if the text is neither, or has a zone. The prefix of a block that is
 * written with a mapped IPv4 address counts these 96 bits too. A smaller one, as in `::ffff:10.0.0.0/8`, would trust
 * every IPv4 address, which its author cannot have meant.
 */
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', digits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = bitsOf(address);
  const prefix = digits === undefined ? 128 : Number(digits) + (address.includes(':') ? 0 : mappedBits);
  if (bits === undefined || prefix > 128 || (address.includes('.') && prefix < mappedBits)) return undefined;
  const hosts = 2n ** BigInt(128 - prefix) - 1n;
  return { first: bits & ~hosts, last: bits | hosts };
}

export function bitsOf(address: string): bigint | undefined {
  return addressGroups(address)?.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** All IPv4 addresses, and all IPv6 addresses of the Internet (RFC 4291, section 2.4, and IANA's registry). */
const everyone = ['0.0.0.0/0', '2000::/3'];

/** Whether these addresses and CIDR blocks together contain every IPv4 address, or every IPv6 address of the Internet. */
export function containEveryAddress(blocks: readonly string[]): boolean {
  const ranges = rangesOf(blocks).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  return rangesOf(everyone).some(({ first, last }) => {
    const reached = ranges.reduce(
      (next, range) => (range.first <= next && range.last >= next ? range.last + 1n : next),
      first,
    );
    return reached > last;
  });
}

function rangesOf(blocks: readonly string[]): AddressRange[] {
  return blocks.flatMap((block) => addressRange(block.trim()) ?? []);
}
