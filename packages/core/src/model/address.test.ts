import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './address.ts';

describe('An address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['0:0::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:0DB8:0000:0:0:0:00:0009', '2001:db8::9'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['10:0:0:0:20:30:40:0', '10::20:30:40:0'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['64:ff9b::203.0.113.7', '64:ff9b::cb00:7107'],
    ['fe80::9%eth0', 'fe80::9'],
  ])('%s is written as %s (RFC 5952)', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
    expect(canonicalAddress(canonical)).toBe(canonical);
  });

  it.each(['', 'localhost', '203.0.113', '203.0.113.07', '203.0.113.7%eth0', '::ffff:203.0.113.256', 'fe80::9%', '%'])(
    'is not %j',
    (text) => {
      expect(canonicalAddress(text)).toBeUndefined();
    },
  );
});
