import { isMailKind } from '../mail.ts';
import { en } from './en.ts';
import type { SomeWords } from './words.ts';

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

/** @throws Error that names a kind of mail or a text that does not exist */
export function refuseUnknown(tag: string, words: SomeWords): void {
  const kind = Object.keys(words.letters ?? {}).find((name) => !isMailKind(name));
  if (kind !== undefined)
    throw new Error(`The mails in "${tag}" have a letter for "${kind}", which is no kind of mail`);
  const parts = Object.keys(words).filter((part) => !Object.hasOwn(en, part));
  const [unknown] = [...parts, ...textsOf(words).filter((text) => !allTexts.includes(text))];
  if (unknown !== undefined) throw new Error(`The mails in "${tag}" have words for "${unknown}", which does not exist`);
}
