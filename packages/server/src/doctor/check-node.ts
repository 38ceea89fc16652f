import { type Finding, findingsOf } from './finding.ts';

const { ok, warning, error } = findingsOf('node');

/** The version of Node.js. Lines with an odd number have no long-term support (nodejs.org, "Releases"). */
export function checkNode(version: string): readonly Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return [error(`Node ${version} is older than 20.19, which Sallyport needs`, 'install Node 24')];
  }
  const isOver = major === 20 || major % 2 === 1;
  if (isOver) return [warning(`Node ${version} gets no security fixes any more, or soon`, 'install Node 24')];
  return [ok(`Node ${version}`)];
}
