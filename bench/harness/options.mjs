import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const usage = `npm run bench -- [options]
  --contestants A,B   only these (default: all)
  --only A,B          only these workloads (default: all)
  --rounds N          rounds, in each of which every contestant has a turn (default: 5)
  --seconds N         seconds that are measured in each turn (default: 5)
  --warmup N          seconds of load before (default: 1)
  --members N         accounts of each contestant (default: 1000)
  --posts N           posts of each contestant (default: 10000)
  --node NODE         runs the contestants on this Node: a path, or a version such as 24
  --out FILE          replaces the results in this document
  --despite-load      reports although other processes are busy; each line is then marked as not valid
  --cpu-prof FOLDER   writes a CPU profile of each contestant; figures are then not valid`;

/**
 * Reads the command line, or ends the process with an explanation.
 *
 * @param {{ contestants: string[], workloads: string[] }} known
 */
export function readOptions(known) {
  try {
    return read(known);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}\n\ncontestants: ${known.contestants.join(', ')}`);
    console.error(`workloads: ${known.workloads.join(', ')}`);
    return process.exit(1);
  }
}

function read({ contestants, workloads }) {
  const text = (value) => ({ type: 'string', ...(value && { default: value }) });
  const { values } = parseArgs({
    options: {
      contestants: text(),
      only: text(),
      rounds: text('5'),
      seconds: text('5'),
      warmup: text('1'),
      members: text('1000'),
      posts: text('10000'),
      node: text(),
      out: text(),
      'cpu-prof': text(),
      'despite-load': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error('Measures Sallyport beside what else could do its work.');
  if (values['despite-load'] && values.out) throw new Error('Figures that are not valid do not belong in a document.');
  return {
    contestants: listOf(values.contestants, contestants),
    workloads: listOf(values.only, workloads),
    rounds: numberOf('--rounds', values.rounds),
    seconds: numberOf('--seconds', values.seconds),
    warmup: numberOf('--warmup', values.warmup),
    members: numberOf('--members', values.members),
    posts: numberOf('--posts', values.posts),
    node: nodeOf(values.node),
    out: values.out,
    profiles: values['cpu-prof'],
    despiteLoad: values['despite-load'] || values['cpu-prof'] !== undefined,
  };
}

function listOf(text, known) {
  const names = text?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not known.`);
  return names;
}

function numberOf(option, text) {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} takes a number above 0.`);
  return number;
}

/** The path of a Node: the running one, or one that npm installs. */
function nodeOf(wanted = process.execPath) {
  if (wanted.includes('/')) return wanted;
  const asked = ['--yes', `node@${wanted}`, '--print', 'process.execPath'];
  return execFileSync('npx', asked, { encoding: 'utf8' }).trim();
}
