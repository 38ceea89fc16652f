/**
 * Follows guides as they are printed, each in an empty folder, with the packages of this repository as they would be
 * published. The paths of the guides follow. `scripts/guides/blocks.mjs` says which of their blocks are run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followGuide } from './guides/follow.mjs';
import { packAll } from './packages/pack.mjs';
import { withRegistry } from './packages/registry.mjs';

const root = join(import.meta.dirname, '..');
const paths = process.argv.slice(2);
if (paths.length === 0) throw new Error('Which guides?');

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'sallyport-guides-'));
try {
  await withRegistry(packAll(root, work), async (env) => {
    for (const path of paths) {
      const blocks = await followGuide(path, env);
      console.log(`${path}: followed ${blocks.length} blocks`);
    }
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
