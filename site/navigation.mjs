/** The sections of the site, and the pages of each that exist, in this order. A path that ends in `/` is a folder. */
const sections = [
  { text: 'Start', pages: ['index.md'] },
  { text: 'Embed', pages: ['embed.md', 'embed-express.md', 'mounting.md'] },
  { text: 'Run', pages: ['run.md'] },
  { text: 'Test', pages: ['testing.md'] },
  { text: 'Adapters', pages: ['adapters.md', 'architecture.md'] },
  { text: 'Operate', pages: ['operations.md', 'versioning.md', 'measured.md'] },
  { text: 'Migrate', pages: ['migrate.md', 'migrate/', 'import-format.md'] },
  { text: 'Security', pages: ['security.md', 'threat-model.md'] },
  { text: 'Performance', pages: ['performance.md'] },
];

const last = ['decisions/', 'reference/'];

/**
 * The sidebar. Pages that no section names are in a section of their own.
 *
 * @param {{ path: string, title: string }[]} pages
 */
export function sidebarOf(pages) {
  const named = sections.flatMap((section) => section.pages);
  const isNamed = ({ path }) => [...named, ...last].some((name) => matches(path, name));
  const groups = [
    ...sections.map(({ text, pages: names }) => ({
      text,
      items: names.flatMap((name) => pages.filter(({ path }) => matches(path, name))),
    })),
    { text: 'More', items: pages.filter((page) => !isNamed(page)) },
    { text: 'API reference', items: within('reference/') },
    { text: 'Decisions', items: within('decisions/') },
  ];
  return groups
    .filter(({ items }) => items.length > 0)
    .map(({ text, items }) => ({
      text,
      collapsed: items.length > 4,
      items: items.map(({ path, title }) => ({ text: title, link: linkOf(path) })),
    }));

  function within(folder) {
    return pages.filter(({ path }) => path.startsWith(folder));
  }
}

/** The path of a page on the site, without its ending. */
function linkOf(path) {
  return `/${path.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`;
}

function matches(path, name) {
  return name.endsWith('/') ? path.startsWith(name) : path === name;
}
