/**
 * Dependencies that are exact, with the reason: the empty database that adapters-postgres contains belongs to this
 * version of PGlite. With another one, the first start of the server takes three times as long.
 */
const exact = new Set(['@sallyport/server: @electric-sql/pglite']);

/** Scripts that npm runs where a package is installed, or where it is built from Git. */
const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];

/**
 * What is wrong with the manifest of a packed package.
 *
 * @param {import('../../scripts/packages/pack.mjs').Packed} packed
 * @returns {string[]}
 */
export function checkManifest({ name, version, manifest }) {
  const directory = `packages/${name.slice(name.indexOf('/') + 1)}`;
  const repository = { type: 'git', url: 'git+https://github.com/sallyport/sallyport.git', directory };
  const fields = {
    description: (text) => text.length > 20,
    keywords: (words) => words.length >= 3,
    homepage: (url) => url === `https://github.com/sallyport/sallyport/tree/main/${directory}#readme`,
    bugs: ({ url }) => url === 'https://github.com/sallyport/sallyport/issues',
    repository: (given) => JSON.stringify(given) === JSON.stringify(repository),
    license: (license) => license === 'MIT',
    author: (author) => author.length > 0,
    engines: ({ node }) => node === '>=20.19',
    type: (type) => type === 'module',
    publishConfig: ({ access, provenance }) => access === 'public' && provenance === true,
  };
  return [
    ...Object.entries(fields)
      .filter(([field, isRight]) => manifest[field] === undefined || !isRight(manifest[field]))
      .map(([field]) => `${name}: the manifest's ${field} is ${JSON.stringify(manifest[field])}`),
    ...lifecycle
      .filter((script) => manifest.scripts?.[script] !== undefined)
      .map((script) => `${name}: its script ${script} would run in every installation`),
    ...checkRanges(name, version, { ...manifest.dependencies, ...manifest.peerDependencies }),
  ];
}

/** Hosts share dependencies with others, so they need ranges. Our own packages are published together. */
function checkRanges(name, version, dependencies) {
  return Object.entries(dependencies).flatMap(([dependency, range]) => {
    const where = `${name}: ${dependency}`;
    if (dependency.startsWith('@sallyport/')) return range === `^${version}` ? [] : [`${where} is ${range}`];
    if (exact.has(where)) return /^\d+\.\d+\.\d+$/.test(range) ? [] : [`${where} is ${range}, but it must be exact`];
    return /^\^\d+\.\d+\.\d+$/.test(range) ? [] : [`${where} is ${range}, but hosts need a range that begins with ^`];
  });
}
