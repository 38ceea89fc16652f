import { repository, slug } from '../../scripts/docs/links.mjs';
import { built, made } from '../folders.mjs';
import { sidebarOf } from '../navigation.mjs';
import { listPages } from '../pages.mjs';

/** @type {import('vitepress').UserConfig} */
const config = {
  title: 'Sallyport',
  description: 'Accounts, sessions and authorization for Node, as a hexagon to embed, run, extend or test against.',
  lang: 'en',
  srcDir: made,
  outDir: built,
  // Works under any path, such as that of GitHub Pages, if the build is told so.
  base: process.env.DOCS_BASE ?? '/',
  // Browsers ask for an icon of their own accord otherwise.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  cleanUrls: false,
  lastUpdated: false,
  // The guide to running the server names it.
  ignoreDeadLinks: 'localhostLinks',
  markdown: { anchor: { slugify: slug }, headers: { slugify: slug }, toc: { slugify: slug } },
  themeConfig: {
    nav: [
      { text: 'Embed', link: '/embed' },
      { text: 'Run', link: '/run' },
      { text: 'Test', link: '/testing' },
      { text: 'Operate', link: '/operations' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: sidebarOf(listPages()),
    outline: [2, 3],
    search: { provider: 'local', options: { miniSearch: { searchOptions: { boostDocument: guidesFirst } } } },
    socialLinks: [{ icon: 'github', link: repository }],
  },
};

/** The weight of a page in a search. The reference names everything, so a guide counts for more. */
function guidesFirst(id) {
  return id.includes('/reference/') ? 0.2 : 1;
}

// VitePress reads the default export.
export default config;
