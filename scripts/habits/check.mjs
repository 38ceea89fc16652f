import { readSources } from './read-sources.mjs';
import { slowRegexes } from './regexes.mjs';
import { composedSql } from './sql.mjs';

/**
 * Holds everything that ships under `root`, and the scripts, to our habits. Scripts make databases for
 * themselves, whose names no parameter can carry: the habit with SQL is one of what ships.
 *
 * @param {string} root
 * @param {Map<string, string>} known complexities of regular expressions that were found before
 * @returns {{ files: number, found: Map<string, string>, refusals: string[] }} what was read, and what is wrong with it
 */
export function checkHabits(root, known = new Map()) {
  const found = new Map();
  const sources = readSources(root);
  const refusals = sources.flatMap((source) =>
    [...(source.isShipped ? composedSql(source) : []), ...slowRegexes(source, { known, found })].map(
      ({ line, reason }) => `${source.path}:${line}: ${reason}`,
    ),
  );
  if (!sources.some(({ isShipped }) => isShipped)) refusals.push('no source of a package was read');
  if (!sources.some(({ isShipped }) => !isShipped)) refusals.push('no script was read');
  return { files: sources.length, found, refusals: [...new Set(refusals)] };
}
