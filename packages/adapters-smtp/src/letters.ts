import type { Mail } from '@sallyport/core';
import escapeHtml from 'escape-html';

/** The text of a mail, in both forms. */
export interface WrittenLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Lays the words of a mail out, in text and in HTML. */
export function toLetter(mail: Mail, publicUrl: string): WrittenLetter {
  const { locale, subject, greeting, paragraphs, action, validity, otherwise } = mail.words;
  const link = linkIn(mail, publicUrl);
  const before = [greeting, ...paragraphs];
  const after = [validity, otherwise].filter((words) => words !== undefined);
  return {
    subject,
    text: `${[...before, ...(link === undefined ? [] : [`${action?.label}:\n${link}`]), ...after].join('\n\n')}\n`,
    html: page(locale, [
      ...before.map(paragraph),
      ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">${escapeHtml(action?.label ?? '')}</a></p>`]),
      ...after.map(paragraph),
    ]),
  };
}

/** The link of a mail, if its words have one. */
export function linkIn({ words, token }: Mail, publicUrl: string): string | undefined {
  const { action } = words;
  if (action === undefined) return undefined;
  const query = token === undefined ? '' : `?${new URLSearchParams({ token }).toString()}`;
  return `${publicUrl}/${action.page}${query}`;
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function page(locale: string, blocks: readonly string[]): string {
  return `<!doctype html>\n<html lang="${escapeHtml(locale)}">\n<body>\n${blocks.join('\n')}\n</body>\n</html>\n`;
}
