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
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: undefined,
  },
};

// VitePress reads the default export.
export default config;
