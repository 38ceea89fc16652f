import { dirname, join, normalize } from 'node:path';

/** The pages of the repository on GitHub, which files outside of the docs are linked as. */
export const repository = 'https://github.com/sallyport/sallyport';

const link = /(\]\()([^)\s]+)([^)]*\))/g;
const fences = /^(`{3,})[^`]*?^\1$/gms;
const inlineCode = /`[^`\n]*`/g;

/** The anchor of a heading, as GitHub makes it. */
export function slug(heading) {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}

/** The anchors of a document: those of its headings, a repeated one with a number. */
export function anchorsOf(markdown) {
  const seen = new Map();
  const headings = [...markdown.replaceAll(fences, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => slug(heading));
  const anchors = headings.map((anchor) => {
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
  return new Set(anchors);
}

/**
 * The links of a document to files and anchors of the repository. A page on GitHub counts as its file, because the pages
 * of published packages link that way.
 *
 * @param {string} file the path of the document, from the root of the repository
 * @param {string} markdown
 * @returns {{ target: string, path: string, anchor: string | undefined }[]}
 */
export function linksOf(file, markdown) {
  const text = markdown.replaceAll(fences, '').replaceAll(inlineCode, '');
  return [...text.matchAll(link)].flatMap(([, , target]) => {
    const [path, anchor] = pathOf(file, target)?.split('#') ?? [];
    return path === undefined ? [] : [{ target, path, anchor }];
  });
}

/** Replaces the targets of the links of a document. Code stays as it is. */
export function replaceLinks(markdown, replacement) {
  const code = [];
  const keep = (text) => `\0${code.push(text) - 1}\0`;
  return markdown
    .replaceAll(fences, keep)
    .replaceAll(inlineCode, keep)
    .replaceAll(link, (_, before, target, after) => `${before}${replacement(target)}${after}`)
    .replaceAll(/\0(\d+)\0/g, (_, index) => code[index].replaceAll(/\0(\d+)\0/g, (__, inner) => code[inner]));
}

/** The path that a link leads to, with its anchor, from the root of the repository; `undefined` for other sites. */
export function pathOf(file, target) {
  if (target.startsWith(`${repository}/`))
    return /^\/(?:blob|tree)\/main\/(.+)$/.exec(target.slice(repository.length))?.[1];
  if (/^[a-z]+:/.test(target)) return undefined;
  return target.startsWith('#') ? file + target : normalize(join(dirname(file), decodeURIComponent(target)));
}
