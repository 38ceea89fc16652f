import { describe, expect, it } from 'vitest';
import { isSallyportError } from './errors.ts';
import { parse } from './input.ts';
import { Email } from './email.ts';

/** What is wrong with an address, if anything is. */
function wordsFor(text: unknown): string | undefined {
  try {
    parse(Email, text);
    return undefined;
  } catch (error) {
    return isSallyportError(error) ? error.issues.map(({ message }) => message).join('; ') : String(error);
  }
}

const notAnAddress = 'Must be an e-mail address';
const label = (length: number) => 'd'.repeat(length);
const local64 = 'l'.repeat(64);
/** 254 bytes with a local part of 64. */
const longest = `${local64}@${label(63)}.${label(63)}.${label(57)}.com`;

describe('An e-mail address', () => {
  it.each([
    'ada@example.com',
    'ada.king+lovelace@mail.example.co.uk',
    "a!#$%&'*+/=?^_`{|}~-z@example.com",
    '1@2.example',
    'a@b.c',
    'a--b@a--b.example',
    'ada@xn--mnchen-3ya.example',
    'ada@1.2.3.4x',
    'ada@1.2.3.0xg',
    'ada@0x1.example',
  ])('may be %s', (text) => {
    expect(parse(Email, text)).toBe(text);
  });

  it.each([
    ['  Ada@Example.COM  ', 'ada@example.com'],
    ['\u00a0ADA@EXAMPLE.COM\t', 'ada@example.com'],
    ['ada@EXAMPLE.com\r\n', 'ada@example.com'],
  ])('%j is trimmed and put in lower case', (text, email) => {
    expect(parse(Email, text)).toBe(email);
  });

  it('has at most 254 bytes', () => {
    expect(longest).toHaveLength(254);
    expect(wordsFor(longest)).toBeUndefined();
    expect(wordsFor(` ${longest} `)).toBeUndefined();
    expect(wordsFor(longest.replace('.com', 'd.com'))).toBe('Must be at most 254 characters');
    expect(wordsFor(`${'a'.repeat(1_000_000)}@example.com`)).toBe('Must be at most 254 characters');
  });

  it('has at most 64 bytes before the @', () => {
    expect(wordsFor(`${local64}@example.com`)).toBeUndefined();
    expect(wordsFor(`${local64}l@example.com`)).toBe(notAnAddress);
  });

  it('has at most 63 bytes in each label of its host', () => {
    expect(wordsFor(`ada@${label(63)}.com`)).toBeUndefined();
    expect(wordsFor(`ada@${label(64)}.com`)).toBe(notAnAddress);
  });

  it.each([
    ['nothing', ''],
    ['white space', '   '],
    ['no @', 'ada'],
    ['a host alone', 'mail.example.com'],
    ['no local part', '@example.com'],
    ['no host', 'ada@'],
    ['a host of one label', 'ada@localhost'],
    ['two @', 'ada@king@example.com'],
    ['a full-width @', 'ada＠example.com'],
    ['a full-width @ beside one of ours', 'ada＠king@example.com'],
    ['a ligature', 'oﬃce@example.com'],
    ['a ligature in the host', 'ada@oﬃce.example'],
    ['a dotless i', 'adm\u0131n@example.com'],
    ['a dotted capital I', 'ADM\u0130N@example.com'],
    ['a Kelvin sign', '\u212aelvin@example.com'],
    ['a Kelvin sign in the host', 'ada@\u212aelvin.example'],
    ['a long s', 'be\u017fs@example.com'],
    ['another script', 'ада@example.com'],
    ['another script in the host', 'ada@münchen.example'],
    ['an ideographic full stop', 'ada@example。com'],
    ['a soft hyphen', 'a\u00adda@example.com'],
    ['a zero-width space', 'ada@example.com\u200b'],
    ['a combining mark', 'ada\u0301@example.com'],
    ['a lone surrogate', 'ada\ud800@example.com'],
    ['a NUL', 'ada\0@example.com'],
    ['a line break', 'ada@example.com\r\nBcc:eve@example.com'],
    ['a DEL', 'ada\u007f@example.com'],
    ['a space', 'ada king@example.com'],
    ['a quoted local part', '"ada"@example.com'],
    ['a quoted local part with an @', '"ada@king"@example.com'],
    ['a backslash', 'ada\\@example.com'],
    ['a comment', 'ada(king)@example.com'],
    ['a comment in the host', 'ada@(king)example.com'],
    ['a display name', 'Ada<ada@example.com>'],
    ['a comma', 'ada@example.com,eve@example.com'],
    ['a semicolon', 'ada@example.com;eve@example.com'],
    ['a group', 'all:ada@example.com;'],
    ['a colon', 'ada:king@example.com'],
    ['a source route', '@example.org:ada@example.com'],
    ['an IPv4 literal', 'ada@[127.0.0.1]'],
    ['an IPv6 literal', 'ada@[IPv6:::1]'],
    ['a bare IPv4 address', 'ada@127.0.0.1'],
    ['a digit as the last label', 'ada@example.1'],
    ['a number as the last label', 'ada@example.42'],
    ['a hexadecimal IPv4 address', 'ada@127.0.0.0x1'],
    ['a short hexadecimal IPv4 address', 'ada@127.0x1'],
    ['an empty hexadecimal number as the last label', 'ada@example.0X'],
    ['a port', 'ada@example.com:25'],
    ['a trailing dot', 'ada@example.com.'],
    ['a leading dot', '.ada@example.com'],
    ['a dot before the @', 'ada.@example.com'],
    ['a dot behind the @', 'ada@.example.com'],
    ['two dots before the @', 'ada..king@example.com'],
    ['two dots behind the @', 'ada@example..com'],
    ['a hyphen that begins a label', 'ada@-example.com'],
    ['a hyphen that ends a label', 'ada@example-.com'],
    ['an underscore in the host', 'ada@my_host.com'],
    ['a percent-encoded @', 'ada%40example.com'],
  ])('has not %s', (_, text) => {
    expect(wordsFor(text)).toBe(notAnAddress);
  });

  it.each([[['ada@example.com', 'eve@example.com']], [{ toString: () => 'ada@example.com' }], [7], [null], [true]])(
    'is not %o',
    (value) => {
      expect(wordsFor(value)).toBe('Must be a string');
    },
  );
});
