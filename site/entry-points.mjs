import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './folders.mjs';

/**
 * What developers can import: each entry point of each package, with the source that it is made of.
 *
 * @returns {{ name: string, source: string }[]} for example `@sallyport/core/contracts`
 */
export function entryPoints() {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const manifest = join(root, 'packages', folder, 'package.json');
    if (!existsSync(manifest)) return [];
    const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    return Object.entries(exports).flatMap(([door, conditions]) => {
      const source = conditions['@sallyport/source'];
      if (source === undefined) return [];
      return [{ name: join(name, door), source: join(root, 'packages', folder, source) }];
    });
  });
}
