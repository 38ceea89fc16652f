import { type MailData, type MailKind, passwordLinks } from '../mail.ts';
import { type Options, withDefaults } from '../options.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { canonicalTag, prefixesOf } from './tags.ts';
import { readOptions } from '../option-schemas.ts';
import { allTexts, mailsSchema, textsOf } from './words-schema.ts';
import type { EveryPage, LetterTemplate, MailOptions, MailWords, PageWords, Pages, SomeWords, Words } from './words.ts';

/** How many languages of a reader are considered. */
const maxTags = 20;

/** What the words of a mail depend on. */
export interface WordedMail {
  readonly kind: MailKind;
  readonly locale: string;
  readonly data?: MailData | undefined;
  readonly name?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/** The words of the pages, in one language. */
export interface WordsOfPages {
  /** The locale that the words are written in. */
  readonly locale: string;
  readonly pages: Pages;
  readonly everyPage: EveryPage;
  /** What to show for the sentence of an error. A sentence without an entry is shown as it is. */
  readonly refusals: Readonly<Record<string, string>>;
}

/**
 * The words of all mails and of the pages that they lead to: the core's, with those of modules and of the host over them. Words that a
 * locale such as `de-AT` lacks are taken from its language, and those that the language lacks from the default locale.
 */
export class MailCatalogue {
  /** The locale for readers whose language is not known. It has words for everything. */
  readonly defaultLocale: string;
  readonly #locales = new Map<string, SomeWords>(Object.entries({ en, de }));

  /**
   * A letter replaces that of its locale and kind. Other texts are replaced one by one.
   *
   * @param mails the words of the host, over those of the core and of modules
   * @throws Error that names a locale, kind or text that cannot be used, or that the default locale lacks
   */
  constructor(mails: MailOptions = {}, defaultLocale = 'en', modules: readonly MailOptions[] = []) {
    const given = [...modules, mails].flatMap((one) => Object.entries(readOptions(mailsSchema, one, ['mails'])));
    for (const [tag, words] of given) {
      const locale = tagOf(tag);
      this.#locales.set(locale, merge(this.#locales.get(locale), words));
    }
    this.defaultLocale = tagOf(defaultLocale);
    this.#refuseIncomplete();
  }

  /** The BCP 47 tags that it has words for. */
  get locales(): readonly string[] {
    return [...this.#locales.keys()];
  }

  /** The kinds of mail that it has letters for. */
  get kinds(): readonly MailKind[] {
    const kinds = [...this.#locales.values()].flatMap(({ letters }) => Object.keys(letters ?? {}) as MailKind[]);
    return [...new Set(kinds)];
  }

  /**
   * The locale for a reader of these languages, best first: the first that it has words for, in the locale itself or in
   * its language. `undefined` if it has words for none of them.
   */
  localeFor(preferred: readonly string[]): string | undefined {
    const tags = preferred.slice(0, maxTags).flatMap((tag) => canonicalTag(tag) ?? []);
    return tags.flatMap(prefixesOf).find((tag) => this.#locales.has(tag));
  }

  /**
   * The words of a mail.
   *
   * @throws Error if no locale has a letter of its kind
   */
  wordsOf({ kind, locale, data = {}, name, expiresAt }: WordedMail): MailWords {
    const found = this.#findLetter(kind, locale);
    if (!found) throw new Error(`The mails have no letter for "${kind}"`);
    const { subject, paragraphs, action, otherwise } = write(found.template, data);
    const { greeting, validity } = this.#textsIn(found.locale).shared;
    const isUsedOnce = passwordLinks.some((link) => link === kind);
    return {
      locale: found.locale,
      subject,
      greeting: greeting(name),
      paragraphs,
      action,
      validity: action && expiresAt && validity(inWords(expiresAt), isUsedOnce),
      otherwise,
    };
  }

  /** The words of the pages that mailed links lead to, for a reader of this locale. */
  pageWordsOf(locale: string): WordsOfPages {
    const { pages, everyPage, refusals } = this.#textsIn(locale);
    const nearest = this.#nearest(locale).find((tag) => this.#locales.get(tag)?.pages);
    return { locale: nearest ?? this.defaultLocale, pages, everyPage, refusals };
  }

  /** The locales to look for words in, the nearest first. */
  #nearest(locale: string): readonly string[] {
    const tags = [...prefixesOf(canonicalTag(locale) ?? ''), ...prefixesOf(this.defaultLocale)];
    return tags.filter((tag) => this.#locales.has(tag));
  }

  #findLetter(kind: MailKind, locale: string) {
    for (const tag of this.#nearest(locale)) {
      const template = this.#locales.get(tag)?.letters?.[kind];
      if (template !== undefined) return { locale: tag, template };
    }
    return undefined;
  }

  /** All texts but those of letters. */
  #textsIn(locale: string): Omit<Words, 'letters'> {
    const farthestFirst = this.#nearest(locale).toReversed();
    return farthestFirst.reduce<SomeWords>((words, tag) => merge(words, this.#locales.get(tag)), {}) as Words;
  }

  #refuseIncomplete(): void {
    const present = textsOf(this.#textsIn(this.defaultLocale));
    const [missing] = [
      ...this.kinds.filter((kind) => !this.#findLetter(kind, this.defaultLocale)),
      ...allTexts.filter((text) => !present.includes(text)),
    ];
    if (missing === undefined) return;
    throw new Error(`The mails in the default locale "${this.defaultLocale}" have no words for "${missing}"`);
  }
}

function tagOf(tag: string): string {
  const canonical = canonicalTag(tag);
  if (canonical === undefined) throw new Error(`The locale "${tag}" of the mails is no BCP 47 tag`);
  return canonical;
}

/** The first words, with the other ones over them. */
function merge(first: SomeWords = {}, other: SomeWords = {}): SomeWords {
  return {
    letters: withDefaults(first.letters ?? {}, other.letters),
    shared: withDefaults(first.shared ?? {}, other.shared),
    pages: mergePages(first.pages, other.pages),
    everyPage: withDefaults(first.everyPage ?? {}, other.everyPage),
    refusals: withDefaults(first.refusals ?? {}, other.refusals),
  };
}

function mergePages(first: SomeWords['pages'], other: SomeWords['pages']): SomeWords['pages'] {
  if (!first && !other) return undefined;
  const page = (name: keyof Pages) => withDefaults<Options<PageWords>>(first?.[name] ?? {}, other?.[name]);
  return { 'reset-password': page('reset-password'), 'verify-email': page('verify-email') };
}

function write(template: LetterTemplate, data: MailData) {
  return typeof template === 'function' ? template(data) : template;
}

/** In UTC, since the reader's time zone is not known. */
function inWords(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
