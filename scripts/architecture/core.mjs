import { dirname, join, relative, sep } from 'node:path';
import { findCycles } from './cycles.mjs';
import { packageName } from './read-packages.mjs';
import { coreLayers, mayImport } from './rules.mjs';

const folder = join('packages', 'core');
const source = join(folder, 'src');
const layers = Object.values(coreLayers);

/**
 * @typedef {object} Import
 * @property {string} from the file that imports
 * @property {number} line
 * @property {string} name the specifier
 * @property {string | undefined} to the file that is imported; `undefined` for a package
 * @property {string} unit the unit of the file that imports
 * @property {string} target the unit that is imported, or the package
 */

/**
 * Checks the sources of the core against its layers.
 *
 * @param {Map<string, import('./read-source.mjs').Source>} sources by path
 * @param {string} root
 * @returns {{ units: number, arrows: number, refusals: string[] }} what was read, and the violations
 */
export function checkCore(sources, root) {
  const files = new Set([...sources.keys()].map((path) => relative(root, path)));
  const units = new Set([...files].map(unitOf));
  const imports = readImports(sources, root);
  const allowed = imports.filter(isAllowed);
  const internal = allowed.filter(({ to }) => to !== undefined);
  const arrows = imports.filter(({ to, unit, target }) => to !== undefined && unit !== target);

  const refusals = [
    ...[...units].filter((unit) => !layerOf(unit)).map((unit) => `${join(source, unit)}: has no layer`),
    ...imports
      .filter((one) => !isAllowed(one))
      .map(({ from, line, name, unit }) => `${from}:${line}: ${unit} may not import ${name}`),
    ...internal
      .filter(({ to }) => !files.has(to))
      .map(({ from, line, name }) => `${from}:${line}: ${name} is no source file of the core`),
    // A refused import explains its cycle. A cycle of files in two units is a cycle of the units.
    ...describeCycles(
      internal.filter(({ unit, target }) => unit !== target),
      ({ unit, target }) => [unit, target],
    ),
    ...describeCycles(
      internal.filter(({ unit, target }) => unit === target),
      ({ from, to }) => [relative(source, from), relative(source, to)],
    ),
  ];

  for (const unit of layers.flatMap((layer) => layer.units)) {
    if (!units.has(unit)) refusals.push(`${join(source, unit)}: no source file was read`);
  }
  if (arrows.length === 0) refusals.push(`${source}: no import between units was read`);
  return {
    units: units.size,
    arrows: new Set(arrows.map(({ unit, target }) => `${unit} → ${target}`)).size,
    refusals,
  };
}

/**
 * The imports of the files from the core, and from packages that the core may import.
 *
 * @returns {Import[]}
 */
function readImports(sources, root) {
  return [...sources].flatMap(([path, { imports }]) => {
    const from = relative(root, path);
    return imports.flatMap(({ name, line }) => {
      const shared = { from, line, name, unit: unitOf(from) };
      if (name?.startsWith('.')) {
        const to = join(dirname(from), name);
        return to.startsWith(folder + sep) ? [{ ...shared, to, target: unitOf(to) }] : [];
      }
      const target = packageName(name ?? '');
      return mayImport.core?.includes(target) ? [{ ...shared, to: undefined, target }] : [];
    });
  });
}

/** The folder or file directly in `src` that a file belongs to. */
function unitOf(path) {
  return relative(source, path).split(sep)[0];
}

function layerOf(unit) {
  return layers.find(({ units }) => units.includes(unit));
}

function isAllowed({ unit, target }) {
  const layer = layerOf(unit);
  // A unit without a layer is refused as a whole.
  if (!layer || layer.units.includes(target)) return true;
  return layer.mayImport.some((name) => name === target || coreLayers[name]?.units.includes(target));
}

/**
 * The cycles of these imports. Each names an import for every step.
 *
 * @param {Import[]} imports
 * @param {(one: Import) => [string, string]} endsOf
 */
function describeCycles(imports, endsOf) {
  const arrows = imports.map((one) => ({ one, from: endsOf(one)[0], to: endsOf(one)[1] }));
  return findCycles(arrows).map((nodes) => {
    const steps = nodes.slice(1).map((to, index) => {
      const found = arrows.filter((arrow) => arrow.from === nodes[index] && arrow.to === to);
      const more = found.length > 1 ? ` (1 of ${found.length} imports)` : '';
      return `\n  ${found[0].one.from}:${found[0].one.line} imports ${found[0].one.name}${more}`;
    });
    return `${source}: ${nodes.join(' → ')} is a cycle${steps.join('')}`;
  });
}
