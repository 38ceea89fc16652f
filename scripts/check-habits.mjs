/** Checks the sources for habits that types cannot enforce, and the check itself against its canaries. */
import { checkCanaries } from './habits/canary.mjs';
import { checkHabits } from './habits/check.mjs';
import { checkLintCanaries } from './habits/lint-canary.mjs';
import { keepFound, readKnown } from './habits/regexes.mjs';

/** To examine all regular expressions takes a minute. Verdicts are kept in the repository; `--all` doubts them. */
const verdicts = 'scripts/habits/regexes.json';
const { files, found, refusals } = checkHabits(
  process.cwd(),
  process.argv.includes('--all') ? new Map() : readKnown(verdicts),
);
keepFound(verdicts, found);
const { trees, failures } = checkCanaries();
failures.push(...checkLintCanaries());

console.log(`Read ${files} files with ${found.size} regular expressions, and ${trees} canaries.`);
for (const line of [...refusals, ...failures]) console.error(line);
process.exitCode = refusals.length + failures.length > 0 ? 1 : 0;
