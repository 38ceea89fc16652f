/**
 * Builds the docs site into `site/dist`, from `docs/` and the docstrings of every entry point. It fails on a link to a
 * page, an anchor or a file that does not exist, on an export without a docstring, and on anything that a page would
 * load from elsewhere.
 */
import { install } from '../scripts/install.mjs';
import { built, here } from './folders.mjs';

install(here);
// These need what was installed.
const { writePages } = await import('./pages.mjs');
const { writeReference } = await import('./reference.mjs');
const { checkSite } = await import('./check.mjs');
const { build } = await import('vitepress');

const failures = [...writePages(), ...(await writeReference())];
await build(here);
const { pages, links, failures: broken } = checkSite(built, process.env.DOCS_BASE ?? '/');
failures.push(...broken);

console.log(`Built ${pages} pages with ${links} links among them, in ${built}.`);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
