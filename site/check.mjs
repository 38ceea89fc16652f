import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * Checks the site as a browser gets it: every link to a page or an anchor of the site leads there, and no page loads
 * anything from elsewhere.
 *
 * @param {string} folder of the built site
 * @param {string} base the path that the site is served under
 * @returns {{ pages: number, links: number, failures: string[] }}
 */
export function checkSite(folder, base) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const pages = new Map(
    files.filter((name) => name.endsWith('.html')).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const anchors = new Map([...pages].map(([name, html]) => [name, new Set(attributes(html, 'id'))]));
  const failures = [];
  let links = 0;
  for (const [name, html] of pages) {
    failures.push(...loadedFromElsewhere(html).map((url) => `${name} loads ${url}`));
    for (const href of attributes(html, 'href').filter((target) => !/^[a-z]+:|^\/\//.test(target))) {
      links += 1;
      const [path = '', anchor] = decodeURI(href).split('#');
      const target = path === '' ? name : fileOf(folder, name, path, base);
      if (target === undefined) failures.push(`${name}: ${href} is not there`);
      else if (anchor && pages.has(target) && !anchors.get(target)?.has(anchor))
        failures.push(`${name}: ${href} has no such anchor`);
    }
  }
  for (const style of files.filter((name) => name.endsWith('.css'))) {
    const urls = readFileSync(join(folder, style), 'utf8').match(/url\(["']?https?:[^)]*\)/g) ?? [];
    failures.push(...urls.map((url) => `${style} loads ${url}`));
  }
  return { pages: pages.size, links, failures };
}

/** The file that a path leads to, from this page; `undefined` if there is none. */
function fileOf(folder, page, path, base) {
  const absolute = path.startsWith('/');
  if (absolute && !path.startsWith(base)) return undefined;
  const found = normalize(absolute ? path.slice(base.length) : join(dirname(page), path));
  return [found, `${found}.html`, join(found, 'index.html')]
    .map((name) => normalize(name))
    .find((name) => existsSync(join(folder, name)) && statSync(join(folder, name)).isFile());
}

function attributes(html, name) {
  return [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) =>
    value.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"'),
  );
}

/** What a browser fetches from other hosts by itself. */
function loadedFromElsewhere(html) {
  const tags = html.match(/<(?:script|img|iframe|source|video|audio|link)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => attributes(tag, '(?:src|href)')).filter((url) => /^(?:https?:)?\/\//.test(url));
}
