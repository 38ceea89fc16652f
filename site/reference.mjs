import { join } from 'node:path';
import { Application, Converter } from 'typedoc';
import { repository } from '../scripts/docs/links.mjs';
import { entryPoints } from './entry-points.mjs';
import { here, made, root } from './folders.mjs';

/**
 * Writes the API reference: a page for each entry point, made of its docstrings.
 *
 * @returns {Promise<string[]>} the exports without a docstring
 */
export async function writeReference() {
  const entries = entryPoints();
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entries.map(({ source }) => source),
    tsconfig: join(here, 'tsconfig.json'),
    // TypeScript 7 has checked the sources, and this older compiler has stricter declarations of the platform.
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    // Without this, TypeDoc replaces the contents of `docs`.
    outputs: [{ name: 'markdown', path: join(made, 'reference') }],
    readme: 'none',
    basePath: root,
    displayBasePath: root,
    sourceLinkTemplate: `${repository}/blob/main/{path}#L{line}`,
    disableGit: true,
    sort: ['alphabetical'],
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    // Without these, the numbers of repeated headings differ from those of VitePress.
    useHTMLAnchors: true,
    sanitizeComments: true,
    // The input of a use case repeats the docstrings of the schema's entries, and TypeDoc warns of each repetition.
    logLevel: 'Error',
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const file = module.sources?.[0]?.fullFileName;
      module.name = entries.find(({ source }) => source === file)?.name ?? module.name;
    }
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the packages.');
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('TypeDoc could not write the reference.');
  return (project.children ?? []).flatMap((module) =>
    (module.children ?? [])
      .filter((one) => !isDocumented(one))
      .map((one) => `${module.name}: ${one.name} has no docstring`),
  );
}

/** Whether an export has a docstring. A reference to another export has the docstring of that one. */
function isDocumented(declaration) {
  return (
    declaration.isReference() ||
    declaration.hasComment() ||
    (declaration.signatures ?? []).some((signature) => signature.hasComment()) ||
    (declaration.type?.type === 'reflection' &&
      (declaration.type.declaration.signatures ?? []).some((signature) => signature.hasComment()))
  );
}
