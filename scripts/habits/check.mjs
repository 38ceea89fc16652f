import { readSources } from './read-sources.mjs';
import { slowRegexes } from './regexes.mjs';
import { composedSql } from './sql.mjs';
import { hardWords } from './words.mjs';

/**
 * Checks the published sources under `root`, and the scripts, for habits. Scripts create databases, whose names cannot
 * be parameters, so the rule about SQL applies only to published sources.
 *
 * @param {string} root
 * @param {Map<string, string>} known complexities of regular expressions from earlier runs
 * @returns {{ files: number, found: Map<string, string>, refusals: string[] }} what was read, and the violations
 */
export function checkHabits(root, known = new Map()) {
  const found = new Map();
  const sources = readSources(root);
  const refusals = sources.flatMap((source) =>
    [...(source.isShipped ? composedSql(source) : []), ...slowRegexes(source, { known, found })].map(
      ({ line, reason }) => `${source.path}:${line}: ${reason}`,
    ),
  );
  refusals.push(...hardWords(root));
  if (!sources.some(({ isShipped }) => isShipped)) refusals.push('no source of a package was read');
  if (!sources.some(({ isShipped }) => !isShipped)) refusals.push('no script was read');
  return { files: sources.length, found, refusals: [...new Set(refusals)] };
}
