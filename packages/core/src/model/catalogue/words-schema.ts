import * as v from 'valibot';
import { isMailKind, mailKinds } from '../mail.ts';
import { aFunction, exactly, listOf, tableOf, text } from '../option-schemas.ts';
import { en } from './en.ts';
import type { Letter, LetterTemplate, MailOptions, SomeWords } from './words.ts';

/** The paths of all texts but those of letters. */
export function textsOf({ shared, pages, everyPage, refusals }: SomeWords): readonly string[] {
  const paths = (parent: string, texts: object = {}) => Object.keys(texts).map((name) => `${parent}.${name}`);
  return [
    ...paths('shared', shared),
    ...Object.entries(pages ?? {}).flatMap(([page, texts]) => paths(`pages.${page}`, texts)),
    ...paths('everyPage', everyPage),
    ...paths('refusals', refusals),
  ];
}

/** The paths of the texts that a complete language has. */
export const allTexts = textsOf(en);

const letterSchema = exactly<Letter>(
  {
    subject: text,
    paragraphs: listOf(text),
    action: v.optional(exactly<NonNullable<Letter['action']>>({ label: text, page: text })),
    otherwise: v.optional(text),
  },
  'a function',
);

const templateSchema = v.lazy((template): v.GenericSchema<unknown, LetterTemplate> =>
  typeof template === 'function' ? aFunction : letterSchema,
);

/** Optional texts of the kinds that these are: strings, functions that write strings, and groups of both. */
function textsLike(texts: object): Record<string, v.GenericSchema> {
  const entries = Object.entries(texts).map(([name, one]) => [name, v.optional(textLike(one))]);
  return Object.fromEntries(entries) as Record<string, v.GenericSchema>;
}

function textLike(one: unknown): v.GenericSchema {
  if (typeof one === 'string') return text;
  return typeof one === 'function' ? aFunction : exactly<object>(textsLike(one as object));
}

const { letters: _, ...texts } = en;

/** The schema of a host's words: English has every text, and its kind. */
export const mailsSchema: v.GenericSchema<unknown, MailOptions> = tableOf(
  v.optional(
    exactly<object>({
      letters: v.optional(
        tableOf(v.optional(templateSchema), isMailKind, `is no kind of mail: ${mailKinds.join(', ')} or module.kind`),
      ),
      ...textsLike(texts),
    }),
  ),
);
