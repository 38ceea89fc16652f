/**
 * A block of a guide that can be run. The words after its language say what it is for:
 *
 * - `file=app.js`: the contents of a file, in place of any that is there
 * - `run`: commands for the shell, which must succeed. `run exits=3` ends with that status. `run setup` prepares what the
 *   reader has already. `run until=http://…` starts a process that goes on, and waits until it answers there
 * - `printed`: each of its lines is among what the last commands printed
 *
 * Blocks without such a word are for the reader alone.
 *
 * @typedef {{ kind: 'file' | 'run' | 'printed', text: string, name?: string, isSetup?: boolean, until?: string,
 *   exits?: number }} Block
 */

const fenced = /^```\w+ (?<words>.+)\n(?<text>[^]*?)^```$/gm;

/**
 * The blocks of a guide that can be run, in their order.
 *
 * @param {string} markdown
 * @returns {readonly Block[]}
 */
export function readBlocks(markdown) {
  return [...markdown.matchAll(fenced)].map(({ groups: { words, text } }) => toBlock(words.split(' '), text));
}

function toBlock([first, ...more], text) {
  const [word, name] = first.split('=');
  const known = {
    file: () => ({ kind: 'file', name }),
    run: () => runBlock(more),
    printed: () => ({ kind: 'printed' }),
  };
  if (!Object.hasOwn(known, word) || (word === 'file') !== (name !== undefined) || (word !== 'run' && more.length > 0))
    throw new Error(`No block is for “${[first, ...more].join(' ')}”`);
  return { ...known[word](), text };
}

function runBlock(words) {
  const [word = '', value] = words.join(' ').split('=');
  if (words.length > 1 || !['', 'setup', 'until', 'exits'].includes(word))
    throw new Error(`No commands run “${words.join(' ')}”`);
  const until = word === 'until' ? value : undefined;
  return { kind: 'run', isSetup: word === 'setup', until, exits: word === 'exits' ? Number(value) : 0 };
}

/**
 * How many commands a reader enters. What a pipe or a substitution contains is part of its command.
 *
 * @param {readonly Block[]} blocks
 */
export function countCommands(blocks) {
  const shells = blocks.filter(({ kind, isSetup }) => kind === 'run' && !isSetup);
  const lines = shells.flatMap(({ text }) => text.replaceAll('\\\n', ' ').trim().split('\n'));
  return lines.flatMap((line) => line.split('&&')).length;
}

/**
 * How many lines of code a reader writes: those of the last version of each file that its first version does not have,
 * if the guide has changed it, without empty lines and comments.
 *
 * @param {readonly Block[]} blocks
 */
export function countLines(blocks) {
  const files = blocks.filter(({ kind }) => kind === 'file');
  const names = [...new Set(files.map(({ name }) => name))];
  return names.flatMap((name) => {
    const versions = files.filter((file) => file.name === name);
    const given = versions.length > 1 ? codeOf(versions[0]) : [];
    return codeOf(versions.at(-1)).filter((line) => !given.includes(line));
  }).length;
}

function codeOf({ text }) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
}
