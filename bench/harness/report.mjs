import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { starts } from './run.mjs';
import { memoryTable, startTable, workloadTable } from './tables.mjs';

const [beginning, end] = ['<!-- results of npm run bench -->', '<!-- end of the results -->'];

/** Prints the results as Markdown, and writes them to the document that the options name. */
export function report(results, options) {
  const tables = [
    ...options.workloads.filter((name) => name !== starts).map((name) => workloadTable(name, results.measured)),
    ...(results.memory.length > 0 ? [memoryTable(results.memory)] : []),
    ...(results.started.length > 0 ? [startTable(results.started)] : []),
  ];
  const text = [describe(results, options), ...tables.map((lines) => mark(lines, options).join('\n'))].join('\n\n');
  console.log(text);
  if (options.out !== undefined) replaceResults(options.out, text);
}

/** Marks the lines of figures that were measured while other processes were busy. */
function mark(lines, { despiteLoad }) {
  if (!despiteLoad) return lines;
  const head = lines.findIndex((line) => line.startsWith('|'));
  const cells = new Map([
    [head, ' |'],
    [head + 1, ' --- |'],
  ]);
  return lines.map((line, index) => (index < head ? line : line + (cells.get(index) ?? ' not valid |')));
}

function describe({ postgres, measured, started }, { node, rounds, seconds, members, posts, despiteLoad }) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  const fileSystem = lastLine(execFileSync('df', ['--output=fstype', tmpdir()], { encoding: 'utf8' }));
  // A start is too short to tell: each has a column of its own.
  const others = Math.max(...(measured.length > 0 ? measured : started).map(({ othersShare }) => othersShare));
  const [{ model }] = cpus();
  return [
    `Revision ${commit}, ${new Date().toISOString().slice(0, 10)}. ${model}, ${availableParallelism()} cores, `,
    `${Math.round(totalmem() / 2 ** 30)} GiB; contestants on Node ${version}; Postgres ${postgres.version} with `,
    `fsync=${postgres.fsync} and synchronous_commit=${postgres.synchronousCommit} on ${fileSystem}. `,
    `${rounds} rounds of ${seconds} s; ${members} members, ${posts} posts. `,
    `Other processes used at most ${Math.round(others * 100)} % of the machine`,
    despiteLoad ? ', so these figures are **not valid**.' : '.',
  ].join('');
}

const lastLine = (text) => text.trim().split('\n').at(-1);

function replaceResults(file, text) {
  const document = readFileSync(file, 'utf8');
  const [before, after] = [document.indexOf(beginning), document.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${file} has no place for results: ${beginning} … ${end}`);
  writeFileSync(file, `${document.slice(0, before + beginning.length)}\n\n${text}\n\n${document.slice(after)}`);
}
