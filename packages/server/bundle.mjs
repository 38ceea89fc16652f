/**
 * A step of the build: bundles the command line and all that it imports, because opening hundreds of modules takes most
 * of a start. Each command and each lazy import gets a file of its own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { compiledState } from './bin/entry.mjs';

const server = import.meta.dirname;
const packages = join(server, '..') + sep;
const target = join(server, 'dist/bundle');
const draft = `${target}-${process.pid}.draft`;

/** Packages with native code, which find it beside their own modules. They are CommonJS. */
const native = ['@node-rs/argon2', '@node-rs/bcrypt', 'fs-native-extensions'];
const nativePrefix = '\0native:';

// Read before the modules: if one is compiled meanwhile, the bundle does not count as current.
const state = compiledState(server);
const bundle = await rolldown({
  input: join(server, 'dist/cli.js'),
  platform: 'node',
  // Finds its WebAssembly beside its own modules.
  external: ['@electric-sql/pglite'],
  plugins: [
    { name: 'own-files', transform: { filter: { code: 'import.meta' }, handler: keepLocation } },
    { name: 'native', resolveId: resolveNative, load: loadNative },
  ],
  // A dependency of Koa names the functions that it deprecates by `eval`.
  checks: { eval: false },
});
try {
  const { output } = await bundle.write({ dir: draft, format: 'esm' });
  await writeFile(join(draft, 'LICENSES.txt'), licenses(output.flatMap(({ moduleIds = [] }) => moduleIds)));
  await writeFile(join(draft, 'made-from.txt'), state);
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
} finally {
  await bundle.close();
  await rm(draft, { recursive: true, force: true });
}

/** Lets a module of ours find the files of its package, wherever that package is installed. */
function keepLocation(code, id) {
  if (!id.startsWith(packages)) return code;
  if (/import\.meta\.(?!url\b)/.test(code)) throw new Error(`${id} may read its location by import.meta.url alone`);
  const directory = packageOf(id);
  const path = relative(join(directory, 'dist'), id).replaceAll(sep, '/');
  const { name } = readManifest(directory);
  return code.replaceAll('import.meta.url', `new URL('./${path}', import.meta.resolve('${name}')).href`);
}

function resolveNative(id, importer) {
  // The bundle names its modules in comments, so the importer is relative.
  return native.includes(id) ? `${nativePrefix}${id}:${relative(packages, importer)}` : undefined;
}

/** Lets the package of ours that imports a native package require it, since it need not be installed for the server. */
function loadNative(id) {
  if (!id.startsWith(nativePrefix)) return undefined;
  const [, name, path] = /^([^:]+):(.*)$/s.exec(id.slice(nativePrefix.length));
  const importer = join(packages, path);
  const names = Object.keys(createRequire(importer)(name)).filter((key) => key !== 'default');
  return `import { createRequire } from 'node:module';
    const native = createRequire(import.meta.resolve('${readManifest(packageOf(importer)).name}'))('${name}');
    export default native;
    export const { ${names.join(', ')} } = native;`;
}

/** The licences of the bundled packages of others. */
function licenses(modules) {
  const paths = modules.filter((id) => id.split(sep).includes('node_modules') && existsSync(id));
  const texts = [...new Set(paths.map(packageOf))].map((directory) => {
    const { name, version, license } = readManifest(directory);
    const file = readdirSync(directory).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? `License: ${license}` : readFileSync(join(directory, file), 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return [...new Set(texts)].toSorted().join(`\n${'-'.repeat(80)}\n\n`);
}

/** The directory of the package that contains a file. Directories within a package may have a manifest without a name. */
function packageOf(path) {
  const directory = dirname(path);
  const isRoot = existsSync(join(directory, 'package.json')) && readManifest(directory).name !== undefined;
  return isRoot || basename(directory) === '' ? directory : packageOf(directory);
}

function readManifest(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
