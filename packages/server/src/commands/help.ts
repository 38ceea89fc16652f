import type { Command, Option } from './command.ts';
import { inColumns } from './columns.ts';
import { documentUrl } from '../document-url.ts';

/** What the process ends with. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  partly: 3,
  interrupted: 130,
} as const;

const common = [
  ['--json', 'print one JSON value on standard output, also for an error: {"error": {"code", "message"}}'],
  ['--help', 'show this'],
] as const;

const codesInWords = [
  ['0', 'done'],
  ['1', 'failed: it was refused, or something is not available'],
  ['2', 'not understood: an unknown command or option, or one that is missing'],
  ['3', 'done in part: an import refused lines'],
  ['130', 'interrupted while it asked a question'],
] as const;

/** The help of one command or of a group of commands, by its words; of everything without words. */
export function helpOn(words: string, commands: readonly Command[]): string {
  const one = commands.find(({ name }) => name === words);
  if (one) return helpOfCommand(one);
  const group = commands.filter(({ name }) => name.startsWith(`${words} `));
  if (words !== '' && group.length > 0) {
    return section([`Usage: sallyport ${words} <command>`], ['Commands:', list(group)]);
  }
  return section(
    ['Usage: sallyport <command>'],
    ['Commands:', list(commands)],
    ['Options of every command, except that serve has no --json:', indented(common)],
    ['Other options:', indented([['--version', 'show the version']])],
    ['Exit codes:', indented(codesInWords)],
    [
      'sallyport help COMMAND explains a command. All are configured by environment variables, or by a file .env in the',
      `current directory: see ${documentUrl('.env.example')}`,
    ],
  );
}

/** How a command is called: its words, its arguments and its options. */
export function synopsis({ name, arguments: names, options }: Command): string {
  const hasOptions = Object.keys(options).length > 0;
  return [name, ...names, ...(hasOptions ? ['[options]'] : [])].join(' ');
}

function helpOfCommand(one: Command): string {
  const { summary, details, options, hasJson } = one;
  const own = Object.entries(options).map(([name, option]) => [inSynopsis(name, option), option.help] as const);
  const shared = hasJson ? common : common.slice(1);
  return section(
    [`Usage: sallyport ${synopsis(one)}`],
    [`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`],
    ...(details === undefined ? [] : [[details]]),
    ['Options:', indented([...own, ...shared])],
  );
}

const inSynopsis = (name: string, { value }: Option) => (value === undefined ? `--${name}` : `--${name} ${value}`);

const list = (commands: readonly Command[]) => indented(commands.map((one) => [synopsis(one), one.summary] as const));

const indented = (rows: readonly (readonly [string, string])[]) =>
  inColumns(rows)
    .map((line) => `  ${line}`)
    .join('\n');

const section = (...parts: readonly (readonly string[])[]) => parts.map((lines) => lines.join('\n')).join('\n\n');
