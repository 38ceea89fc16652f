import { describe, expect, it } from 'vitest';
import { addressBlock, networkOf, noAddress } from './address-block.ts';

describe('addressBlock', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.8', '203.0.113.8'],
    ['::ffff:198.51.100.24', '198.51.100.24'],
    ['0:0::ffff:198.51.100.24%eth0', '198.51.100.24'],
  ])('takes %s for %s: as many as there are, mapped into IPv6 or not (CVE-2026-30827)', (ip, block) => {
    expect(addressBlock(ip)).toBe(block);
  });

  it.each([
    ['64:ff9b::203.0.113.7', '203.0.113.7'],
    ['64:FF9B::cb00:7107', '203.0.113.7'],
    ['0064:ff9b:0:0:0:0:203.0.113.8', '203.0.113.8'],
    ['2002:cb00:7107::1', '203.0.113.7'],
    ['2002:cb00:7107:ffff:ffff:ffff:ffff:ffff', '203.0.113.7'],
    ['2002:0:7::', '0.0.0.7'],
  ])('takes %s for %s, the address that NAT64 or 6to4 embeds', (ip, block) => {
    expect(addressBlock(ip)).toBe(block);
    expect(networkOf(ip)).toBe(networkOf(block));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:0000:0000:0000:0001', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::203.0.113.7', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['64:ff9b:1::203.0.113.7', '64:ff9b:1:0::/64'],
    ['64:ff9b::1:203.0.113.7', '64:ff9b:0:0::/64'],
    ['2003:cb00:7107::1', '2003:cb00:7107:0::/64'],
    ['::1:ffff:203.0.113.7', '0:0:0:0::/64'],
  ])('takes %s for %s, however it is spelt (CVE-2026-45364)', (ip, block) => {
    expect(addressBlock(ip)).toBe(block);
  });

  it('takes nothing else for an address, however long it is', () => {
    const others = [
      undefined,
      '',
      ' ',
      'localhost',
      'tenant-7',
      '203.0.113',
      '203.0.113.7.1',
      '203.0.113.256',
      '203.0.113.07',
      '0xcb.0.113.7',
      '203.0.113.7:51234',
      ' 203.0.113.7',
      '[::1]',
      '[::1]:80',
      ':',
      ':::',
      '::1::2',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4::5:6:7:8',
      '1:2:3:4:5:6:7:8::9',
      '2001:db8::xyz',
      '2001:db8::12345',
      '::ffff:203.0.113.256',
      '203.0.113.7::',
      '%eth0',
      '\0',
      `fe80::1%${'x'.repeat(1_000)}`,
      ':'.repeat(1_000_000),
      '1:'.repeat(500_000),
    ];
    for (const text of others)
      expect([text?.slice(0, 20), addressBlock(text)]).toEqual([text?.slice(0, 20), noAddress]);
  });
});
