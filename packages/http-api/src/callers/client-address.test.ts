import { describe, expect, it } from 'vitest';
import { clientAddress, trustedProxies } from './client-address.ts';

const nobody = trustedProxies([]);
const local = trustedProxies(['10.0.0.0/8', '192.168.1.1', '2001:db8:1::/48', '::1']);

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::', '::'],
    ['', undefined],
    [undefined, undefined],
    ['/tmp/socket', undefined],
  ])('of the peer %s is %s', (peer, address) => {
    expect(clientAddress(peer, undefined, nobody)).toBe(address);
  });

  it.each(['203.0.113.7', '::ffff:203.0.113.7', '11.0.0.1', '192.168.1.2', '2001:db8:2::1'])(
    'is that of the peer %s, who is no trusted proxy, whatever it says',
    (peer) => {
      const address = peer.replace('::ffff:', '');
      expect(clientAddress(peer, '198.51.100.1', local)).toBe(address);
      expect(clientAddress(peer, '10.0.0.1', local)).toBe(address);
    },
  );

  it.each([
    ['the one it names', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the one it names, in IPv6', '10.0.0.1', '2001:db8::9', '2001:db8::9'],
    ['the one that a mapped peer names', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the one that a peer in IPv6 names', '2001:db8:1::5', '198.51.100.1', '198.51.100.1'],
    ['the one it names, unmapped', '10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['the rightmost, since the rest may be forged', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['the one behind a chain of proxies', '10.0.0.1', '1.1.1.1, 198.51.100.1, 192.168.1.1, 10.9.9.9', '198.51.100.1'],
    ['the one behind a mapped proxy', '10.0.0.1', '198.51.100.1, ::ffff:10.9.9.9', '198.51.100.1'],
    ['never one that pretends to be a proxy', '10.0.0.1', '10.0.0.2, 198.51.100.1', '198.51.100.1'],
    ['the outermost proxy, when nobody stands behind it', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['the proxy itself, when it names nobody', '10.0.0.1', '', '10.0.0.1'],
    ['the proxy itself, when it names nonsense', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['the one it names beside a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['the one it names in brackets', '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['the one it names in brackets, beside a port', '10.0.0.1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['the proxy itself, when the port is none', '10.0.0.1', '198.51.100.1:x', '10.0.0.1'],
    ['the proxy itself, when the brackets hold no address', '10.0.0.1', '[x]:1', '10.0.0.1'],
    ['the last proxy before nonsense', '10.0.0.1', '198.51.100.1, <script>, 10.0.0.2', '10.0.0.2'],
    ['the proxy itself, when it names nobody after a comma', '10.0.0.1', '198.51.100.1,,', '10.0.0.1'],
    ['free of blanks', '10.0.0.1', ' \t198.51.100.1 \t', '198.51.100.1'],
  ])('behind a trusted proxy is %s', (_, peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, local)).toBe(address);
  });

  it('is found in a header as long as one may be', () => {
    const forwardedFor = Array.from({ length: 4_000 }, () => '10.0.0.2').join();
    expect(clientAddress('10.0.0.1', `198.51.100.1,${forwardedFor}`, local)).toBe('198.51.100.1');
  });

  it('is believed of everybody where everybody is trusted', () => {
    expect(clientAddress('203.0.113.7', '198.51.100.1', trustedProxies(['0.0.0.0/0']))).toBe('198.51.100.1');
    expect(clientAddress('2001:db8::7', '198.51.100.1', trustedProxies(['0.0.0.0/0']))).toBe('2001:db8::7');
    expect(clientAddress('2001:db8::7', '198.51.100.1', trustedProxies(['::/0']))).toBe('198.51.100.1');
  });
});
