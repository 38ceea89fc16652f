import { describe, expect, it } from 'vitest';
import {
  everyLetter,
  hostileNames,
  kinds,
  kindsWithLink,
  locales,
  options,
  pages,
  sampleMail,
  token,
} from '../test/sample-mail.ts';
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

describe.each(everyLetter)('a letter in %s of kind %s', (locale, kind) => {
  it('consists of the words of the mail, and of its link below its label', () => {
    const mail = sampleMail(kind, { locale });
    const { subject, text } = toLetter(mail, publicUrl);
    const { greeting, paragraphs, action, validity, otherwise } = mail.words;
    const link = action && `${action.label}:\n${publicUrl}/${action.page}?token=${token}`;
    const parts = [greeting, ...paragraphs, link, validity, otherwise].filter((part) => part !== undefined);
    expect(subject).toBe(mail.words.subject);
    expect(text).toBe(`${parts.join('\n\n')}\n`);
  });

  it('says the same in text and in HTML, which names its language', () => {
    const { text, html } = toLetter(sampleMail(kind, { locale }), publicUrl);
    expect(read(html)).toBe(text);
    expect(html).toContain(`<html lang="${locale}">`);
  });

  it.each(hostileNames.filter((name) => !/[\r\n]/.test(name)))(
    'says the same in text and in HTML to a recipient called %j, and the name adds no markup',
    (name) => {
      const { text, html } = toLetter(sampleMail(kind, { locale, name }), publicUrl);
      expect(text).toContain(name);
      expect(read(html)).toBe(text);
      const tags = (page: string) => page.match(/<[^>]*>/g);
      expect(tags(html)).toEqual(tags(toLetter(sampleMail(kind, { locale }), publicUrl).html));
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
});

describe.each(kinds.filter((kind) => !kindsWithLink.includes(kind)))(
  'a letter of kind %s, which has no link,',
  (kind) => {
    it.each(locales)('has neither link nor token, even if it is given one: %s', (locale) => {
      const { subject, text, html } = toLetter(sampleMail(kind, { locale, token, expiresAt: new Date(0) }), publicUrl);
      for (const words of [subject, text, html]) {
        expect(words).not.toContain(token);
        expect(words).not.toMatch(/https?:|href|\blink\b|UTC/i);
      }
    });
  },
);

describe("a letter of a host's or module's own words", () => {
  const withPage = (page: string) => {
    const { words, ...mail } = sampleMail('session-stolen');
    return { ...mail, words: { ...words, action: { label: 'Look & see', page }, otherwise: undefined } };
  };

  it('has a link without a token if the mail carries none', () => {
    const { text, html } = toLetter(withPage('posts/7'), publicUrl);
    expect(text).toContain(`Look & see:\n${publicUrl}/posts/7\n`);
    expect(html).toContain(`<p><a href="${publicUrl}/posts/7">Look &amp; see</a></p>`);
  });

  it('escapes the path of the page', () => {
    expect(toLetter(withPage('"><script>'), publicUrl).html).not.toContain('<script>');
  });
});
