import { describe, expect, it } from 'vitest';
import { isMailbox } from './mailbox.ts';

describe('isMailbox', () => {
  it.each([
    'ada@example.com',
    '<ada@example.com>',
    'Sallyport <sallyport@localhost>',
    ' Ada Lovelace <ada@example.com> ',
    '"Lovelace, Ada" <ada@example.com>',
    'Müller <post@müller.example>',
  ])('takes %s', (text) => {
    expect(isMailbox(text)).toBe(true);
  });

  it.each([
    '',
    'Sallyport',
    'not an address',
    'ada@',
    '@example.com',
    'Ada <>',
    'ada@example.com, bob@example.com',
    'ada@example.com bob@example.com',
    '<ada@example.com> <bob@example.com>',
    'Ada <ada@example.com> Lovelace',
    'ada@exa mple.com',
    'ada@example@com',
    'Ada <ada@example.com',
    'Friends: ada@example.com;',
    'Ada\r\nBcc: bob@example.com <ada@example.com>',
  ])('refuses %j', (text) => {
    expect(isMailbox(text)).toBe(false);
  });
});
