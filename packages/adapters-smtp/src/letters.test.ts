import { describe, expect, it } from 'vitest';
import { hostileNames, kinds, kindsWithLink, options, pages, sampleMail, token } from '../test/sample-mail.ts';
import { toLetter } from './letters.ts';

const { publicUrl } = options;

/** The paragraphs that a browser shows, a link as its words and where it leads. */
function read(html: string): string {
  const paragraphs = [...html.matchAll(/<p>(.*)<\/p>/gs)].flatMap(([, all]) => all?.split('</p>\n<p>') ?? []);
  const shown = paragraphs.map((paragraph) => paragraph.replace(/^<a href="([^"]*)">(.*)<\/a>$/, '$2:\n$1'));
  expect(shown.join('')).not.toMatch(/[<>"]/);
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return `${shown.join('\n\n')}\n`.replaceAll(/&([a-z0-9#]+);/g, (_, name: string) => characters[name] ?? '?');
}

describe.each(kinds)('a letter of kind %s', (kind) => {
  it('has a subject of one short line, which nobody but us writes', () => {
    const { subject } = toLetter(sampleMail(kind), publicUrl);
    expect(subject).toMatch(/^[A-Z][A-Za-z -]{10,60}$/);
    expect(toLetter(sampleMail(kind, { name: 'Somebody Else' }), publicUrl).subject).toBe(subject);
  });

  it('says the same in text and in HTML', () => {
    const { text, html } = toLetter(sampleMail(kind), publicUrl);
    expect(text).toMatch(/^Hello Ada Lovelace,\n\n(?:.+\n)+/);
    expect(read(html)).toBe(text);
  });

  it('says what to do if it comes as a surprise', () => {
    expect(toLetter(sampleMail(kind), publicUrl).text.split('\n\n').at(-1)).toMatch(/\bIf .*\byou\b/);
  });

  it.each(hostileNames)(
    'says the same in text and in HTML to somebody called %j, and has no markup of theirs',
    (name) => {
      const { text, html } = toLetter(sampleMail(kind, { name }), publicUrl);
      expect(read(html)).toBe(text);
      const tags = (page: string) => page.match(/<[^>]*>/g);
      expect(tags(html)).toEqual(tags(toLetter(sampleMail(kind), publicUrl).html));
      expect(text.split('\n').length).toBe(toLetter(sampleMail(kind), publicUrl).text.split('\n').length);
    },
  );
});

describe.each(kindsWithLink)('a letter of kind %s, which has a link,', (kind) => {
  it('leads to the page and carries the whole token, in text and in HTML', () => {
    const { text, html } = toLetter(sampleMail(kind), publicUrl);
    const link = `https://accounts.example.com/${pages[kind]}?token=${token}`;
    expect(text.split('\n')).toContain(link);
    expect(html).toContain(`<a href="${link}">`);
  });

  it('keeps the path of a public URL', () => {
    const { text } = toLetter(sampleMail(kind), 'https://example.com/accounts');
    expect(text).toContain(`\nhttps://example.com/accounts/${pages[kind]}?token=${token}\n`);
  });

  it('escapes a public URL in HTML', () => {
    const { text, html } = toLetter(sampleMail(kind), 'https://example.com/r&d');
    expect(text).toContain('\nhttps://example.com/r&d/');
    expect(html).toContain('<a href="https://example.com/r&amp;d/');
  });

  it('writes a token of any characters so that the page reads the same', () => {
    const odd = `a+b/c=d&token=e"><i>\r\n é%20`;
    const { text, html } = toLetter(sampleMail(kind, { token: odd }), publicUrl);
    const link = text.split('\n').find((line) => line.startsWith('https:')) ?? '';
    expect(new URL(link).searchParams.getAll('token')).toEqual([odd]);
    expect(read(html)).toBe(text);
  });

  it('says to the minute until when the link holds, in UTC', () => {
    const { text, html } = toLetter(sampleMail(kind), publicUrl);
    const once = kind === 'reset-password' || kind === 'invitation' ? ' and works once' : '';
    const sentence = `The link is valid until 2031-02-03 04:05 UTC${once}.`;
    expect(text).toContain(sentence);
    expect(html).toContain(sentence);
  });
});

describe.each(kinds.filter((kind) => !kindsWithLink.includes(kind)))(
  'a letter of kind %s, which has no link,',
  (kind) => {
    it('has neither link nor token, even if it is given one', () => {
      const { subject, text, html } = toLetter(sampleMail(kind, { token, expiresAt: new Date() }), publicUrl);
      for (const words of [subject, text, html]) {
        expect(words).not.toContain(token);
        expect(words).not.toMatch(/https?:|href|the link|UTC/i);
      }
    });
  },
);

describe('a greeting', () => {
  const greetingOf = (name: string) => toLetter(sampleMail('verify-email', { name }), publicUrl).text.split('\n')[0];

  it.each(['Ada Lovelace', 'J.R.R. Tolkien', 'St. John', "O'Brien", 'Zoë 🔑', '李小龍', '"><img src=x>', '$& $1'])(
    'has the name %s as it stands',
    (name) => {
      expect(greetingOf(name)).toBe(`Hello ${name},`);
    },
  );

  it.each([
    'You won! https://evil.example/x',
    'You won! evil.example',
    'www.evil.example',
    'EVIL.EXAMPLE',
    'xn--evl-rma.example',
    'mailto:eve',
    'eve@evil',
    '//evil',
    '\\\\evil',
    'Ada,\n\nYou won!',
    'Ada\u2028You won!',
  ])('leaves out the name %j, which would advertise', (name) => {
    expect(greetingOf(name)).toBe('Hello,');
  });
});
