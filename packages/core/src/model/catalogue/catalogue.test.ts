import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { createApplication } from '../../application.ts';
import { type MailKind, mailKinds } from '../mail.ts';
import { MailCatalogue } from './catalogue.ts';
import type { Letter, MailOptions } from './words.ts';

const letter = (subject: string): Letter => ({ subject, paragraphs: [`The text of ${subject}`] });
const subjectOf = (catalogue: MailCatalogue, kind: MailKind, locale: string) =>
  catalogue.wordsOf({ kind, locale }).subject;

describe('The catalogue of mails', () => {
  it.each(mailKinds)('lets a host replace the letter of kind %s in one locale, and no other', (kind) => {
    const catalogue = new MailCatalogue({ de: { letters: { [kind]: letter('Eigenes') } } });
    const core = new MailCatalogue();
    for (const other of mailKinds) {
      expect(subjectOf(catalogue, other, 'en')).toBe(subjectOf(core, other, 'en'));
      expect(subjectOf(catalogue, other, 'de')).toBe(other === kind ? 'Eigenes' : subjectOf(core, other, 'de'));
    }
  });

  it('takes a letter from the locale itself, then from its language, then from the default locale', () => {
    const catalogue = new MailCatalogue({
      en: { letters: { 'comments.added': letter('A comment'), 'comments.hidden': letter('Hidden') } },
      de: { letters: { 'comments.added': letter('Ein Kommentar') } },
      'de-AT': { letters: { invitation: letter('Servus') } },
    });
    const subjects = (['invitation', 'comments.added', 'comments.hidden'] as const).map((kind) =>
      subjectOf(catalogue, kind, 'de-AT'),
    );
    expect(subjects).toEqual(['Servus', 'Ein Kommentar', 'Hidden']);
    expect(subjectOf(catalogue, 'invitation', 'de-CH')).toBe('Sie sind eingeladen');
    expect(subjectOf(catalogue, 'invitation', 'fr')).toBe('You are invited');
  });

  it('writes a whole letter in one language, and names it', () => {
    const catalogue = new MailCatalogue({
      en: { letters: { 'comments.added': letter('A comment') } },
      'de-AT': { shared: { greeting: () => 'Servus,' } },
    });
    const wordsOf = (kind: MailKind) => catalogue.wordsOf({ kind, locale: 'de-AT', name: 'Ada' });
    expect(wordsOf('comments.added')).toMatchObject({ locale: 'en', greeting: 'Hello Ada,' });
    expect(wordsOf('invitation')).toMatchObject({ locale: 'de', greeting: 'Guten Tag Ada,' });
  });

  it('has a default locale that the host chooses', () => {
    const catalogue = new MailCatalogue({}, 'de-at');
    expect(catalogue.defaultLocale).toBe('de-AT');
    expect(subjectOf(catalogue, 'invitation', 'fr')).toBe('Sie sind eingeladen');
    expect(catalogue.pageWordsOf('fr').pages['verify-email'].button).toBe('Bestätigen');
  });

  it('lets a letter depend on the data of its mail', () => {
    const catalogue = new MailCatalogue({
      en: { letters: { 'comments.added': ({ title, count }) => letter(`${count} comments on ${title}`) } },
    });
    const mail = { kind: 'comments.added', locale: 'en', data: { title: 'Engines', count: 2 } } as const;
    expect(catalogue.wordsOf(mail).subject).toBe('2 comments on Engines');
  });

  it('replaces the texts of pages, refusals and letters one by one', () => {
    const catalogue = new MailCatalogue({
      en: {
        pages: { 'verify-email': { done: 'Thank you.', title: undefined } },
        refusals: { 'Invalid or expired token': 'The link has expired' },
        shared: { validity: (until, once) => `${until} ${once}` },
      },
    });
    const { pages, refusals } = catalogue.pageWordsOf('en');
    const title = 'Confirm your e-mail address';
    expect(pages['verify-email']).toMatchObject({ title, button: 'Confirm', done: 'Thank you.' });
    expect(pages['reset-password'].title).toBe('Choose a password');
    expect(refusals).toMatchObject({
      'Invalid or expired token': 'The link has expired',
      'Field required': 'Field required',
    });
    const { greeting, validity } = catalogue.wordsOf({ kind: 'invitation', locale: 'en', expiresAt: new Date(0) });
    expect([greeting, validity]).toEqual(['Hello,', '1970-01-01 00:00 UTC true']);
  });

  it('names the language of the pages, and takes what a locale lacks from its language', () => {
    const catalogue = new MailCatalogue({
      'de-AT': { pages: { 'verify-email': { button: 'Passt' } } },
      fr: { letters: { invitation: letter('Invitation') } },
    });
    expect(catalogue.pageWordsOf('de-AT')).toMatchObject({
      locale: 'de-AT',
      pages: { 'verify-email': { button: 'Passt', title: 'E-Mail-Adresse bestätigen' } },
    });
    expect(catalogue.pageWordsOf('de-CH').locale).toBe('de');
    expect(catalogue.pageWordsOf('fr')).toMatchObject({
      locale: 'en',
      pages: { 'verify-email': { button: 'Confirm' } },
    });
  });

  it('is merged by the application, which exposes it in its policy', () => {
    const mails = { fr: { letters: { invitation: letter('Vous êtes invité') } } };
    const { policy } = createApplication(memoryPorts(), { mails, defaultLocale: 'de' }).application;
    expect(policy.mails.locales).toEqual(['en', 'de', 'fr']);
    expect(subjectOf(policy.mails, 'invitation', 'fr')).toBe('Vous êtes invité');
    expect(policy.mails.defaultLocale).toBe('de');
    expect(createApplication(memoryPorts(), policy).application.policy.mails).toBe(policy.mails);
  });

  it.each<[string, MailOptions, string | undefined, string]>([
    [
      'a kind that does not exist',
      { de: { letters: { 'verify-emial': letter('') } as never } },
      undefined,
      `The option "mails.de.letters.verify-emial" is no kind of mail: ${mailKinds.join(', ')} or module.kind`,
    ],
    [
      'a kind that would leave its directory',
      { en: { letters: { '../x.y': letter('') } } },
      undefined,
      `The option "mails.en.letters.../x.y" is no kind of mail: ${mailKinds.join(', ')} or module.kind`,
    ],
    ['a tag that is none', { de_AT: {} }, undefined, 'The locale "de_AT" of the mails is no BCP 47 tag'],
    ['a default locale that is none', {}, 'german!', 'The locale "german!" of the mails is no BCP 47 tag'],
    [
      'a text that does not exist',
      { en: { pages: { 'verify-email': { heading: 'Hi' } as never } } },
      undefined,
      'The option "mails.en.pages.verify-email.heading" is none of title, button, doneTitle, done, email, requestLink, linkRequested',
    ],
    [
      'a part that does not exist',
      { en: { mails: {} } as never },
      undefined,
      'The option "mails.en.mails" is none of letters, shared, pages, everyPage, refusals',
    ],
    [
      'a default locale without a letter',
      { fr: { letters: { invitation: letter('') } } },
      'fr',
      'The mails in the default locale "fr" have no words for "verify-email"',
    ],
    [
      "a module's letter that the default locale lacks",
      { de: { letters: { 'comments.added': letter('') } } },
      undefined,
      'The mails in the default locale "en" have no words for "comments.added"',
    ],
  ])('makes the start fail for %s', (_, mails, defaultLocale, message) => {
    const start = () => createApplication(memoryPorts(), { mails, defaultLocale });
    expect(start).toThrow(new Error(message));
  });

  it('has no words for a kind that it does not know', () => {
    const wordsOf = () => new MailCatalogue().wordsOf({ kind: 'comments.added', locale: 'en' });
    expect(wordsOf).toThrow('The mails have no letter for "comments.added"');
  });
});

describe('The locale for a reader', () => {
  const catalogue = new MailCatalogue({ 'pt-br': {}, 'zh-Hant': {} });

  it.each([
    [['de'], 'de'],
    [['de-CH', 'en'], 'de'],
    [['DE-at'], 'de'],
    [['fr', 'it-IT', 'en-GB', 'de'], 'en'],
    [['PT-BR'], 'pt-BR'],
    [['zh-hant-TW'], 'zh-Hant'],
    [['pt', 'zh'], undefined],
    [['*', '', 'de_AT', 'constructor', 'd', 'de-', '🜁', '\ud800', `de-${'a'.repeat(40)}`], undefined],
    [['*', 'not a tag', 'de'], 'de'],
    [[], undefined],
    [[...Array.from({ length: 20 }, () => 'fr'), 'de'], undefined],
  ])('of %j is %s', (preferred, locale) => {
    expect(catalogue.localeFor(preferred)).toBe(locale);
  });
});
