/** Checks the packages against the rules of the architecture, and the check itself against its canaries. */
import { checkCanaries } from './architecture/canary.mjs';
import { checkArchitecture } from './architecture/check.mjs';

const { files, imports, core, refusals } = checkArchitecture(process.cwd());
const { trees, failures } = checkCanaries();

console.log(
  `Read ${files} files with ${imports} imports; in the core, ${core.units} units with ${core.arrows} arrows; and ${trees} canaries.`,
);
for (const line of [...refusals, ...failures]) console.error(line);
process.exitCode = refusals.length + failures.length > 0 ? 1 : 0;
