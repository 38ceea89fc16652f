import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { linksOf, pathOf, replaceLinks, repository } from '../scripts/docs/links.mjs';
import { entryPoints } from './entry-points.mjs';
import { docs, made, root } from './folders.mjs';

/**
 * Copies the documents to where VitePress reads them. Links to files outside of the docs lead to the repository.
 *
 * @returns {string[]} links to files that do not exist
 */
export function writePages() {
  rmSync(made, { recursive: true, force: true });
  cpSync(docs, made, { recursive: true });
  const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const dead = files.flatMap((name) => {
    const file = join('docs', name);
    const markdown = readFileSync(join(docs, name), 'utf8');
    writeFileSync(
      join(made, name),
      replaceLinks(markdown, (target) => onSite(file, target)),
    );
    return linksOf(file, markdown)
      .filter(({ path }) => !existsSync(join(root, path)))
      .map(({ target }) => `${file}: ${target} is not there`);
  });
  writeDecisions();
  return dead;
}

/**
 * The target of a link on the site: a page of the site, an image, or a page of the repository. The source of an entry
 * point is its reference.
 */
function onSite(file, target) {
  const [path, anchor] = pathOf(file, target)?.split('#') ?? [];
  if (path === undefined || target.startsWith('#')) return target;
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (path === 'docs/decisions') return `${relative(dirname(file), path) || '.'}/index.md${hash}`;
  if (path.startsWith('docs/') && /\.(?:md|png|svg)$/.test(path)) return `./${relative(dirname(file), path)}${hash}`;
  const full = join(root, path);
  const entry = entryPoints().find(({ source }) => source === full);
  if (entry) return `/reference/${entry.name}.md`;
  const kind = existsSync(full) && statSync(full).isDirectory() ? 'tree' : 'blob';
  return `${repository}/${kind}/main/${path}${hash}`;
}

/** A list of the decisions, which the repository shows as a folder. */
function writeDecisions() {
  const folder = join(made, 'decisions');
  const rows = readdirSync(folder)
    .toSorted()
    .map((name) => `- [${titleOf(readFileSync(join(folder, name), 'utf8'))}](${name})`);
  const text = '# Decisions\n\nChoices that would surprise a newcomer, with the reasons for them.\n';
  writeFileSync(join(folder, 'index.md'), `${text}\n${rows.join('\n')}\n`);
}

/** The pages that were written, with their titles. */
export function listPages() {
  return readdirSync(made, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((path) => ({ path, title: titleOf(readFileSync(join(made, path), 'utf8')) }));
}

function titleOf(markdown) {
  return /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll(/[`\\]/g, '') ?? 'Untitled';
}
