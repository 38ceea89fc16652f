import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const reports = join(import.meta.dirname, '../api');

/**
 * The public API of each entry point as text, by the name of its file, such as `core.posts.contracts.api.md`.
 *
 * @param {readonly string[]} directories of the packages, which must have been built
 * @returns {ReadonlyMap<string, string>}
 */
export function readApi(directories) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-api-'));
  try {
    const configs = directories.flatMap((directory) => entriesOf(directory).map((entry) => configOf(entry, folder)));
    // One program for all of them, since each would read the same declarations.
    const others = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
    const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: others });
    for (const config of configs) Extractor.invoke(config, { compilerState, localBuild: true, messageCallback });
    const names = readdirSync(folder).filter((name) => name.endsWith('.api.md'));
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the reports that are compared with each later version. */
export function writeReports(api) {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports);
  for (const [name, text] of api) writeFileSync(join(reports, name), text);
}

/**
 * The reports that differ from the public API, each with its first line that does.
 *
 * @returns {string[]}
 */
export function compareReports(api) {
  const known = existsSync(reports) ? readdirSync(reports) : [];
  const names = new Set([...known, ...api.keys()]);
  return [...names].flatMap((name) => {
    const path = join(reports, name);
    const [before, after] = [existsSync(path) ? readFileSync(path, 'utf8') : '', api.get(name) ?? ''];
    if (before === after) return [];
    const [old, current] = [before.split('\n'), after.split('\n')];
    const line = current.findIndex((text, index) => text !== old[index]);
    return [`release/api/${name}:${line + 1} is not the public API any more: ${current[line]}`];
  });
}

function entriesOf(directory) {
  const { name, exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([, { types }]) => types !== undefined)
    .map(([entry, { types }]) => {
      const parts = [name.slice(name.indexOf('/') + 1), ...entry.split('/').slice(1)];
      return { directory, declarations: join(directory, types), report: parts.join('.') };
    });
}

function configOf({ directory, declarations, report }, folder) {
  const inReport = { logLevel: ExtractorLogLevel.None, addToApiReportFile: true };
  const silent = { logLevel: ExtractorLogLevel.None };
  const configObject = {
    projectFolder: directory,
    mainEntryPointFilePath: declarations,
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2023',
          lib: ['es2024'],
          module: 'nodenext',
          types: ['node'],
          strict: true,
          skipLibCheck: true,
        },
        files: [declarations],
      },
    },
    apiReport: { enabled: true, reportFileName: report, reportFolder: folder, reportTempFolder: join(folder, 'temp') },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    newlineKind: 'lf',
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: { default: silent, 'ae-forgotten-export': inReport },
      tsdocMessageReporting: { default: silent },
    },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
  });
}

function messageCallback(message) {
  if (message.logLevel === ExtractorLogLevel.Error) throw new Error(message.text);
  message.handled = true;
}
