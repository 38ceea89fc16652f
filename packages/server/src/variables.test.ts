import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { addressRanges, origins } from './variables.ts';

/** What is read, or the complaint. */
function read(kind: typeof origins, value: string): readonly string[] | string | undefined {
  const result = v.safeParse(kind('meaning'), value);
  return result.success ? result.output : result.issues[0].message;
}

describe('A list of origins', () => {
  it.each([
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['HTTPS://App.Example.COM:443/', 'https://app.example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
    ['Tauri://localhost/', 'tauri://localhost'],
    ['chrome-extension://gighmmpiobklfepj', 'chrome-extension://gighmmpiobklfepj'],
  ])('reads %s as browsers send it', (written, sent) => {
    expect(read(origins, ` ${written} ,, capacitor://localhost`)).toEqual([sent, 'capacitor://localhost']);
  });

  it.each(
    [
      ['*', 'https://*.example', 'capacitor://*', 'https://a.example:*', 'https://a.exa mple', 'app.example.com'],
      ['https://a.example/path', 'https://a.example//', 'https://a.example?', 'https://a.example#', 'https:a.example'],
      ['https://me@a.example', 'https://a.example:99999', 'https://a.ex\\ample', 'https://', 'capacitor://'],
      ['null', 'file://', 'file:///a', 'file://a', 'data:text/html', 'about:blank'],
    ].flat(),
  )('rejects %s, which no page’s origin can be', (value) => {
    expect(read(origins, `https://b.example,${value}`)).toBe(
      'must list origins like https://app.example.com, by commas',
    );
  });
});

describe('A list of networks', () => {
  it('reads addresses and blocks', () => {
    expect(read(addressRanges, ' 10.0.0.0/8, ::1/128 ,,203.0.113.7,::ffff:10.0.0.0/104')).toEqual([
      '10.0.0.0/8',
      '::1/128',
      '203.0.113.7',
      '::ffff:10.0.0.0/104',
    ]);
  });

  it.each(
    [
      ['true', 'loopback', '1', 'proxy.internal', '10.0.0.1:80', '[::1]', 'fe80::1%eth0', '10.0.0.0/33', '::1/129'],
      ['10.0.0.0/', '10.0.0.0/8/8', '10.0.0.1 10.0.0.2', '010.0.0.1', '10.0.0.0/-1', '10.0.0.0/8.5'],
      ['::ffff:10.0.0.0/8', '::ffff:10.0.0.0/95', '::ffff:10.0.0.0/129'],
    ].flat(),
  )('rejects %s', (value) => {
    expect(read(addressRanges, value)).toBe(
      'must list IP addresses or CIDR blocks, by commas; with a mapped IPv4 address, a prefix is at least 96',
    );
  });
});
