import type { Variables } from '../commands/command.ts';
import { doubtfulVariables } from '../doubtful-variables.ts';
import { type Finding, findingsOf, orFine } from './finding.ts';

const { ok, warning } = findingsOf('variables');

/** Variables that are probably misspelt. */
export function checkVariables(environment: Variables): readonly Finding[] {
  const doubtful = doubtfulVariables(environment, {});
  return orFine(
    doubtful.map(({ variable, reason }) => warning(`${variable} ${reason}`)),
    ok('all are valid, and none looks misspelt'),
  );
}
