import { describe, expect, it } from 'vitest';
import { parseBaseUrl } from './base-url.ts';

describe('a base URL', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com/accounts/', 'https://example.com/accounts'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://app.localhost:3000', 'http://app.localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('may be %s', (given, parsed) => {
    expect(parseBaseUrl(given, false)).toBe(parsed);
    expect(parseBaseUrl(new URL(given), false)).toBe(parsed);
  });

  it.each(['http://example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1'])(
    'is refused if it would send tokens unencrypted: %s',
    (given) => {
      expect(() => parseBaseUrl(given, false)).toThrow('must begin with https://, since');
      expect(parseBaseUrl(given, true)).toBe(given);
    },
  );

  it.each(['ftp://example.com', 'javascript:alert(1)', 'file:///etc'])('is refused if it is %s', (given) => {
    expect(() => parseBaseUrl(given, true)).toThrow('must begin with https://');
  });

  it.each(['https://ada:secret@example.com', 'https://example.com/?a=b', 'https://example.com/#a'])(
    'is refused if it has more than a path: %s',
    (given) => {
      expect(() => parseBaseUrl(given, true)).toThrow('neither a user, nor a query, nor a fragment');
    },
  );

  it('is refused if it is relative and there is no page', () => {
    expect(() => parseBaseUrl('/accounts', false)).toThrow(TypeError);
  });
});
