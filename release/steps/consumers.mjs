import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { entryPointsOf } from '../../scripts/packages/pack.mjs';
import { install, run } from '../../scripts/packages/run.mjs';

/** Packages whose types need neither those of Node nor those of browsers. */
const needsNoNode = ['@sallyport/core', '@sallyport/adapters-memory'];

/** What hosts install beside our packages. */
const besides = { '@electric-sql/pglite': '^0.5.16', '@types/node': '20.19.43', valibot: '^1.5.0' };

/** Dependencies that may have a script that runs when they are installed. */
const mayRunScripts = new Set();

const compilers = {
  'TypeScript 7': join(root, 'node_modules/typescript/bin/tsc'),
  'TypeScript 5.9': createRequire(import.meta.url).resolve('typescript/bin/tsc'),
};

/**
 * Installs packages in an empty folder, where each package finds its own dependencies alone, as with pnpm. No script
 * runs.
 *
 * @param {readonly import('../../scripts/packages/pack.mjs').Packed[]} packages
 */
export async function installStrictly(folder, packages, env) {
  const ours = Object.fromEntries(packages.map(({ name, version }) => [name, `^${version}`]));
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies: { ...ours, ...besides } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await install(folder, { ...env, npm_config_install_strategy: 'linked' });
}

/**
 * The installed packages that run a script when they are installed, except those that may.
 *
 * @returns {string[]}
 */
export function checkInstallScripts(folder) {
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) =>
      /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/(package\.json|binding\.gyp)$/.test(`node_modules/${file}`),
    )
    .filter((file) => file.endsWith('binding.gyp') || hasInstallScript(join(folder, 'node_modules', file)))
    .map((file) => file.split('/').slice(0, -1).join('/'))
    .filter((name) => !mayRunScripts.has(name))
    .map((name) => `${name} runs a script in every installation`);
}

function hasInstallScript(manifest) {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  return ['preinstall', 'install', 'postinstall'].some((script) => script in scripts);
}

/** How strict code is compiled. Version 5.9 takes ten times as long as 7, so it compiles each kind once. */
const projects = [
  { compiler: 'TypeScript 7', module: 'nodenext', hasNode: true },
  { compiler: 'TypeScript 7', module: 'bundler', hasNode: true },
  { compiler: 'TypeScript 7', module: 'nodenext', hasNode: false },
  { compiler: 'TypeScript 7', module: 'bundler', hasNode: false },
  { compiler: 'TypeScript 5.9', module: 'nodenext', hasNode: true },
  { compiler: 'TypeScript 5.9', module: 'bundler', hasNode: false },
];

/**
 * Compiles code that imports every entry point, with all declarations that these import.
 *
 * @param {readonly import('../../scripts/packages/pack.mjs').Packed[]} packages
 * @returns {readonly (() => Promise<string[]>)[]} a step for each project, with its failures
 */
export function compilations(folder, packages) {
  return projects.map(({ compiler, module, hasNode }) => async () => {
    const kind = `${compiler.replaceAll(' ', '-')}.${module}.${hasNode ? 'node' : 'bare'}`;
    const chosen = packages.filter(({ name }) => hasNode || needsNoNode.includes(name));
    const imports = chosen.flatMap(entryPointsOf).map((entry, index) => `export * as e${index} from '${entry}';\n`);
    // The declarations of valibot name two globals of browsers and Node.
    const globals = hasNode ? '' : 'declare global { interface Blob {} interface File {} }\n';
    writeFileSync(join(folder, `${kind}.ts`), imports.join('') + globals);
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023'],
      types: hasNode ? ['node'] : [],
      module: module === 'bundler' ? 'preserve' : module,
      moduleResolution: module,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const project = join(folder, `${kind}.json`);
    writeFileSync(project, JSON.stringify({ compilerOptions, files: [`${kind}.ts`] }));
    try {
      await run([process.execPath, compilers[compiler], '-p', project, '--pretty', 'false'], { cwd: folder });
      return [];
    } catch (error) {
      return [`${compiler}, ${module}${hasNode ? '' : ', without the types of Node'}: ${error.message}`];
    }
  });
}
