import { describe, expect, it } from 'vitest';
import { emailOf, password, refusal, scenario } from '../../../test/scenario.ts';
import { anyone } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { mailKinds, passwordLinks } from '../mail.ts';
import { passwordBounds } from '../password.ts';
import { MailCatalogue } from './catalogue.ts';
import { pageRefusals } from './words.ts';

const catalogue = new MailCatalogue();
const { locales } = catalogue;
const expiresAt = new Date('2031-02-03T04:05:59Z');

/** What a placeholder or a missing value leaves behind. */
const leftOver = /[{}<>$%]|undefined|null|\[object|function|=>/;

describe.each(locales.flatMap((locale) => mailKinds.map((kind) => [locale, kind] as const)))(
  'The letter in %s of kind %s',
  (locale, kind) => {
    const wordsOf = (name?: string) => catalogue.wordsOf({ kind, locale, name, expiresAt });

    it('is written in that language, with nothing left over from a placeholder', () => {
      const words = wordsOf('Ada');
      expect(words.locale).toBe(locale);
      const { subject, greeting, paragraphs, action, validity, otherwise } = words;
      const texts = [subject, greeting, ...paragraphs, action?.label, validity, otherwise];
      for (const text of texts.filter((one) => one !== undefined)) {
        expect(text).toMatch(/\S/);
        expect(text).not.toMatch(leftOver);
      }
    });

    it('has a subject of one short line, whatever the name', () => {
      expect(wordsOf().subject).toMatch(/^\p{Lu}[\p{L} -]{10,60}$/u);
      expect(wordsOf('Ada').subject).toBe(wordsOf().subject);
    });

    it('contains the name in its greeting alone, and greets without one', () => {
      expect(wordsOf('$& Ada').greeting).toMatch(/^\S.* \$& Ada,$/);
      expect(wordsOf().greeting).toMatch(/^\p{L}[\p{L} ]+,$/u);
      expect({ ...wordsOf('Ada'), greeting: '' }).toEqual({ ...wordsOf(), greeting: '' });
    });

    it('ends with what to do if it is unexpected', () => {
      const { otherwise } = wordsOf();
      expect(otherwise).toMatch(locale === 'de' ? /\bWenn Sie\b/ : /\bIf you\b/);
    });

    it('states to the minute until when its link is valid, and whether it works once', () => {
      const { action, validity } = wordsOf();
      expect(validity !== undefined).toBe(action !== undefined);
      if (validity === undefined) return;
      expect(validity).toContain('2031-02-03 04:05 UTC');
      const isUsedOnce = passwordLinks.some((link) => link === kind);
      expect(/works once|funktioniert einmal/.test(validity)).toBe(isUsedOnce);
      expect(action?.page).toBe(isUsedOnce ? 'reset-password' : 'verify-email');
    });
  },
);

describe.each(locales)('The pages in %s', (locale) => {
  const { pages, everyPage, refusals, ...spoken } = catalogue.pageWordsOf(locale);
  const { rules, ...ofReset } = pages['reset-password'];

  it('have every text, with nothing left over from a placeholder', () => {
    expect(spoken.locale).toBe(locale);
    const { errorTitle, continueTo, ...fixed } = everyPage;
    const parts = [ofReset, pages['verify-email'], fixed, refusals].flatMap((part) => Object.values(part));
    const made = [errorTitle('Title'), continueTo('Analytical'), continueTo(undefined), ...rules(passwordBounds)];
    for (const text of [...parts, ...made]) {
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(leftOver);
    }
  });

  it('have words for every refusal', () => {
    expect(Object.keys(refusals)).toEqual(pageRefusals);
    const same = Object.entries(refusals).filter(([sentence, words]) => sentence === words);
    // The page has no token that its reader sees, so it speaks of the link.
    expect(same).toHaveLength(locale === 'en' ? pageRefusals.length - 1 : 0);
  });

  it('state the bounds of a password as they are', () => {
    const stated = rules({ minLength: 11, maxLength: 22, passphraseLength: 33 }).join('\n');
    expect(stated.match(/\d+/g)).toEqual(['11', '22', '33']);
    expect(rules(passwordBounds).join('\n').match(/\d+/g)).toEqual(Object.values(passwordBounds).map(String));
  });
});

describe('The refusals of the pages', () => {
  async function sentencesOf(attempt: Promise<unknown>): Promise<readonly string[]> {
    const { issues, message } = await refusal(attempt);
    return issues.length > 0 ? issues.map((issue) => issue.message) : [message];
  }

  it('are those that a link, or the request of a new one, can be refused with, to the letter', async () => {
    const { application, register, mailedToken } = scenario();
    await register('Ada Lovelace', { email: emailOf('Ada') });
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const token = await mailedToken(emailOf('Ada'), 'reset-password');
    const reset = (newPassword: unknown) =>
      sentencesOf(application.resetPassword.attempt(anyone, { token, newPassword }));
    const passwords = [
      undefined,
      7,
      'nul\0password1',
      'short1',
      'x'.repeat(129),
      'x'.repeat(2000),
      '1234567890',
      'onlyletters',
      emailOf('Ada'),
      'Ada Lovelace',
      'sallyport1',
      'password1',
    ];
    const refused: string[] = [];
    for (const chosen of passwords) refused.push(...(await reset(chosen)));
    refused.push(
      ...(await sentencesOf(application.resetPassword.execute(anyone, { token: '', newPassword: password }))),
      ...(await sentencesOf(application.verifyEmail.execute(anyone, { token: '' }))),
      ...(await sentencesOf(application.requestVerification.execute(anyone, { email: 'ada' }))),
      new SallyportError('rate_limited').message,
      new SallyportError('unavailable').message,
    );
    expect([...new Set(refused)].toSorted()).toEqual(pageRefusals.toSorted());
  });
});
