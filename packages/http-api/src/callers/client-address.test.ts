import { describe, expect, it } from 'vitest';
import { clientAddress, trustedProxies } from './client-address.ts';

const none = trustedProxies([]);
const local = trustedProxies(['10.0.0.0/8', '192.168.1.1', '2001:db8:1::/48', '::1']);

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::', '::'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['', undefined],
    [undefined, undefined],
    ['/tmp/socket', undefined],
  ])('of the peer %s is %s', (peer, address) => {
    expect(clientAddress(peer, undefined, none)).toBe(address);
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
    ['the outermost proxy, when no client stands behind it', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['the proxy itself, when it names no address', '10.0.0.1', '', '10.0.0.1'],
    ['the proxy itself, when it names nonsense', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['the one it names beside a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['the one it names in brackets', '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['the one it names in brackets, beside a port', '10.0.0.1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['the proxy itself, when the port is none', '10.0.0.1', '198.51.100.1:x', '10.0.0.1'],
    ['the proxy itself, when the brackets hold no address', '10.0.0.1', '[x]:1', '10.0.0.1'],
    ['the last proxy before nonsense', '10.0.0.1', '198.51.100.1, <script>, 10.0.0.2', '10.0.0.2'],
    ['the proxy itself, when it names no address after a comma', '10.0.0.1', '198.51.100.1,,', '10.0.0.1'],
    ['the one it names beside a port, as Azure does', '10.0.0.1', '1.1.1.1, 198.51.100.1:51234', '198.51.100.1'],
    ['the one it names beside a port, as ALB does', '10.0.0.1', '1.1.1.1:1, 198.51.100.1:8080', '198.51.100.1'],
    ['behind two that name ports', '10.0.0.1', '198.51.100.1:51234, 10.0.0.2:443', '198.51.100.1'],
    ['behind one in brackets', '10.0.0.1', '198.51.100.1, [2001:db8:1::5]:443', '198.51.100.1'],
    ['in quotes', '10.0.0.1', '"198.51.100.1"', '198.51.100.1'],
    ['in quotes, in brackets, beside a port', '10.0.0.1', '"[2001:DB8::9]:47011"', '2001:db8::9'],
    ['mapped, beside a port', '10.0.0.1', '::ffff:198.51.100.1:4711', '198.51.100.1'],
    ['mapped, in brackets', '10.0.0.1', '[::FFFF:198.51.100.1]:443', '198.51.100.1'],
    ['mapped, in hexadecimal', '10.0.0.1', '::ffff:c633:6401', '198.51.100.1'],
    ['mapped, written in full', '10.0.0.1', '0:0:0:0:0:ffff:198.51.100.1', '198.51.100.1'],
    ['written in full, beside a port', '10.0.0.1', '2001:db8:0:0:0:0:0:9:4711', '2001:db8::9'],
    ['compressed, beside a port that is no group', '10.0.0.1', '2001:db8::9:51234', '2001:db8::9'],
    ['compressed at its end, beside a port', '10.0.0.1', '2001:db8:::443', '2001:db8::'],
    ['compressed, with a last group that may be a port', '10.0.0.1', '2001:db8::9:443', '2001:db8::9:443'],
    ['the proxy itself, when a port follows a port', '10.0.0.1', '2001:db8::9:51234:51234', '10.0.0.1'],
    ['the proxy itself, when a port has six digits', '10.0.0.1', '2001:db8::9:512345', '10.0.0.1'],
    ['in the one spelling there is', '10.0.0.1', '2001:0DB8:0000:0:0:0:00:0009', '2001:db8::9'],
    ['without its zone', '10.0.0.1', 'fe80::9%eth0', 'fe80::9'],
    ['without its zone, in brackets', '10.0.0.1', '[fe80::9%25eth0]:1', 'fe80::9'],
    ['the proxy itself, when it hides the client (RFC 7239)', '10.0.0.1', '198.51.100.1, _hidden', '10.0.0.1'],
    ['the proxy itself, when it hides it beside a port', '10.0.0.1', '198.51.100.1, unknown:4711', '10.0.0.1'],
    ['the proxy itself, when it was reached by a socket', '10.0.0.1', '198.51.100.1, unix:', '10.0.0.1'],
    ['the proxy itself, when the zone holds no text', '10.0.0.1', 'fe80::9%', '10.0.0.1'],
    ['the proxy itself, when the address is octal', '10.0.0.1', '010.0.0.1', '10.0.0.1'],
    ['the proxy itself, when the address is a number', '10.0.0.1', '3325256705', '10.0.0.1'],
    ['the proxy itself, when it names another field', '10.0.0.1', 'for=198.51.100.1;proto=https', '10.0.0.1'],
    ['free of blanks', '10.0.0.1', ' \t198.51.100.1 \t', '198.51.100.1'],
  ])('behind a trusted proxy is %s', (_, peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, local)).toBe(address);
  });

  it('is found in a header as long as one may be', () => {
    const forwardedFor = Array.from({ length: 4_000 }, () => '10.0.0.2').join();
    expect(clientAddress('10.0.0.1', `198.51.100.1,${forwardedFor}`, local)).toBe('198.51.100.1');
  });

  it('is that of a proxy of a block that is written as mapped, or has a zone', () => {
    const mapped = trustedProxies(['::ffff:10.0.0.0/104', 'fe80::/10']);
    expect(clientAddress('10.0.0.1', '198.51.100.1', mapped)).toBe('198.51.100.1');
    expect(clientAddress('fe80::1%eth0', '198.51.100.1', mapped)).toBe('198.51.100.1');
    expect(clientAddress('11.0.0.1', '198.51.100.1', mapped)).toBe('11.0.0.1');
  });

  it.each([
    '::ffff:10.0.0.0/8',
    '::ffff:10.0.0.0/95',
    '0:0:0:0:0:FFFF:10.0.0.0/8',
    '64:ff9b::10.0.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/0x8',
    '::/129',
    'fe80::1%eth0',
    '010.0.0.1',
    'proxy',
    '',
  ])('cannot depend on %j, which is no block of proxies', (block) => {
    expect(() => trustedProxies([block])).toThrow('is not an IP address or a CIDR block');
  });

  it('is never the choice of the client, whatever it sends before the entry that its proxy appends', () => {
    const sent = [
      '',
      ' ',
      ',',
      '"',
      '[',
      '198.51.100.1,',
      '"198.51.100.1',
      '[198.51.100.1',
      '10.0.0.2',
      '10.0.0.2:1',
      '_x',
    ];
    for (const own of ['203.0.113.7', '203.0.113.7:51234', '"[::ffff:203.0.113.7]:1"']) {
      for (const text of sent) {
        expect([text, own, clientAddress('10.0.0.1', `${text}, ${own}`, local)]).toEqual([text, own, '203.0.113.7']);
      }
    }
  });

  it('is believed from every peer if every peer is trusted', () => {
    expect(clientAddress('203.0.113.7', '198.51.100.1', trustedProxies(['0.0.0.0/0']))).toBe('198.51.100.1');
    expect(clientAddress('2001:db8::7', '198.51.100.1', trustedProxies(['0.0.0.0/0']))).toBe('2001:db8::7');
    expect(clientAddress('2001:db8::7', '198.51.100.1', trustedProxies(['::/0']))).toBe('198.51.100.1');
  });
});
