import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { checkCore } from './core.mjs';
import { packageName, readPackages } from './read-packages.mjs';
import { behindDoor, compositionRoot, mayImport, namesPosts, onlyCallers } from './rules.mjs';

const scope = '@sallyport/';

/**
 * Checks every package under `root` against the rules.
 *
 * @param {string} root
 * @returns {{ files: number, imports: number, core: { units: number, arrows: number }, refusals: string[] }} what was
 *   read, and the violations
 */
export function checkArchitecture(root) {
  const packages = readPackages(join(root, 'packages'));
  const sources = packages.flatMap((one) => [...one.sources.values()]);
  const refusals = packages.flatMap((one) => [
    ...checkSources(one, packages, root),
    ...checkDoors(one, root),
    ...checkDependencies(one, packages),
  ]);

  for (const name of Object.keys(mayImport)) {
    const read = packages.find((one) => one.name === name)?.sources.size ?? 0;
    if (read === 0) refusals.push(`packages/${name}: no source file was read`);
  }
  const imports = sources.reduce((sum, source) => sum + source.imports.length, 0);
  if (imports === 0) refusals.push('no import was read');

  const core = checkCore(packages.find((one) => one.name === 'core')?.sources ?? new Map(), root);
  refusals.push(...core.refusals);
  return { files: sources.length, imports, core, refusals };
}

/** What each file imports and uses. */
function checkSources({ name, folder, sources }, packages, root) {
  const allowed = mayImport[name];
  if (!allowed) return [`packages/${name}: has no rule`];

  const refusals = [];
  for (const [path, { imports, uses, mentions }] of sources) {
    const refuse = (line, reason) => refusals.push(`${relative(root, path)}:${line}: ${reason}`);

    for (const { name: specifier, line } of imports) {
      if (specifier === undefined) refuse(line, 'an import must name its module in plain text');
      else if (specifier.startsWith('.')) {
        if (!join(dirname(path), specifier).startsWith(folder + sep)) refuse(line, `${specifier} leaves its package`);
      } else if (!isAllowed(specifier, allowed)) refuse(line, `${name} may not import ${specifier}`);
      else if (name !== compositionRoot && /^(node:)?process$/.test(specifier)) {
        refuse(line, `only ${compositionRoot} may import ${specifier}`);
      } else if (specifier.startsWith(scope) && !isDoor(specifier, packages)) {
        refuse(line, `${specifier} is no door of its package`);
      }
    }

    const place = relative(root, path).replaceAll(sep, '/');
    if (!namesPosts.some((pattern) => pattern.test(place))) {
      for (const { name: mention, line } of mentions) refuse(line, `only the module of posts may say ${mention}`);
    }
    for (const { name: use, line } of uses) {
      if (use === 'Math.random') refuse(line, 'Math.random can be guessed');
      else if (Object.hasOwn(onlyCallers, use)) {
        const { file, act } = onlyCallers[use];
        if (place !== file && !place.startsWith('packages/core/src/contracts/'))
          refuse(line, `only ${file} may ${act}`);
      } else if (name !== compositionRoot) refuse(line, `only ${compositionRoot} may read ${use}`);
    }
  }
  return refusals;
}

/** Checks that an optional peer is imported only behind its own entry point. */
function checkDoors({ name, folder, manifest, sources }, root) {
  return Object.entries(behindDoor[name] ?? {}).flatMap(([peer, ownDoor]) => {
    const others = Object.entries(manifest.exports ?? {}).filter(([door]) => door !== ownDoor);
    const reached = reachable(
      others.map(([, { '@sallyport/source': source = '' }]) => join(folder, source)),
      sources,
    );
    return [...reached]
      .filter((path) => sources.get(path).imports.some((one) => one.name && packageName(one.name) === peer))
      .map((path) => `${relative(root, path)}: only the door ${ownDoor} may lead to ${peer}`);
  });
}

/** Every file that these files import, directly or not. */
function reachable(paths, sources, reached = new Set()) {
  for (const path of paths) {
    if (reached.has(path) || !sources.has(path)) continue;
    reached.add(path);
    const relatives = sources.get(path).imports.filter(({ name }) => name?.startsWith('.'));
    reachable(
      relatives.map(({ name }) => join(dirname(path), name)),
      sources,
      reached,
    );
  }
  return reached;
}

/** The manifest declares what the sources import, and nothing else. */
function checkDependencies({ name, manifest, sources }, packages) {
  const { dependencies = {}, peerDependencies = {} } = manifest;
  const imported = new Set(
    [...sources.values()]
      .flatMap(({ imports }) => imports.map((one) => one.name))
      .filter((specifier) => specifier !== undefined && isAllowed(specifier, mayImport[name] ?? []))
      .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
      .map(packageName),
  );
  // The packages that it installs for a workspace package with a peer dependency.
  const asked = packages
    .filter((one) => one.manifest.name in dependencies)
    .flatMap((one) => Object.keys(one.manifest.peerDependencies ?? {}));

  const missing = [...imported].filter((one) => !(one in dependencies || one in peerDependencies));
  // The types of a package come with it if its own declarations name them.
  const used = [...imported].flatMap((one) => [one, `@types/${one}`]);
  const unused = Object.keys(dependencies).filter((one) => !used.includes(one) && !asked.includes(one));
  return [
    ...missing.map((one) => `packages/${name}/package.json: ${one} is imported, but is no dependency`),
    ...unused.map((one) => `packages/${name}/package.json: ${one} is a dependency, but is not imported`),
  ];
}

function isAllowed(specifier, allowed) {
  const name = isBuiltin(specifier) ? 'node:' : packageName(specifier);
  return allowed.includes('*') || allowed.includes(name);
}

/** Whether a workspace package exports this entry point, rather than its `src` or `dist`. */
function isDoor(specifier, packages) {
  const name = packageName(specifier);
  const { exports = {} } = packages.find((one) => one.manifest.name === name)?.manifest ?? {};
  return `.${specifier.slice(name.length)}` in exports;
}
