import { parseArgs } from 'node:util';
import { closeTo } from '../edit-distance.ts';
import { isGarbled } from '../utf8.ts';
import { type Command, UsageError } from './command.ts';

/** What an operator typed, understood. */
export interface Parsed {
  readonly command: Command;
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Whether the output is to be JSON, even if the rest is not understood. */
export const asksForJson = (words: readonly string[]): boolean => beforeEnd(words).includes('--json');

/** The words whose help is asked for: of a command, of a group or none; `undefined` if no help is asked for. */
export function helpAskedFor(words: readonly string[], commands: readonly Command[]): string | undefined {
  const [first, ...rest] = words;
  if (first === 'help') return nameOf(rest, commands);
  const isAsked = beforeEnd(words).some((word) => word === '--help' || word === '-h');
  return isAsked ? nameOf(words, commands) : undefined;
}

/**
 * Finds the command that the words begin with, and reads its options and arguments.
 *
 * @throws UsageError
 */
export function parseCommand(words: readonly string[], commands: readonly Command[]): Parsed {
  const name = nameOf(words, commands);
  const command = commands.find((one) => one.name === name);
  if (!command && name !== '') throw new UsageError(`${name} needs one more word`, name);
  if (!command) throw new UsageError(words[0] === undefined ? 'A command is missing' : 'A command comes first', '');
  const options = { ...command.options, ...(command.hasJson && { json: { type: 'boolean' } as const }) };
  if (words.some(isGarbled)) throw new UsageError('An argument is not in UTF-8', name);
  const args = words.slice(name.split(' ').length);
  const { values, positionals } = understand(name, () => parseArgs({ args, options, allowPositionals: true }));
  const missing = command.arguments[positionals.length];
  if (missing !== undefined && !missing.startsWith('[')) throw new UsageError(`${missing} is missing`, name);
  // The arguments are not repeated: one of them may be a password that does not belong there.
  if (positionals.length > command.arguments.length) throw new UsageError('There are too many arguments', name);
  return { command, arguments: positionals, options: values };
}

/** The words of the command or of the group that these words begin with; empty if there is no word. */
function nameOf(words: readonly string[], commands: readonly Command[]): string {
  const end = words.findIndex((word) => word.startsWith('-'));
  const typed = end < 0 ? words : words.slice(0, end);
  const [first, second] = typed;
  if (first === undefined) return '';
  const isTyped = (name: string) => name.split(' ').every((word, index) => typed[index] === word);
  const found = commands.find(({ name }) => isTyped(name));
  if (found) return found.name;
  const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
  if (isGroup && second === undefined) return first;
  const both = second === undefined ? first : `${first} ${second}`;
  const names = commands.map(({ name }) => name);
  const others = isGroup ? [] : closeTo(first, firstWords(commands), 2);
  const [meant] = [...closeTo(both, names, 2), ...others];
  const unknown = `There is no command ${isGroup ? both : first}`;
  if (meant !== undefined) throw new UsageError(`${unknown}. Did you mean ${meant}?`);
  throw new UsageError(unknown, isGroup ? first : undefined);
}

const firstWords = (commands: readonly Command[]) => [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];

function beforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

/** Reads options. The first sentence of Node's messages names the option, and no value. */
function understand<Result>(name: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(message.split('. ')[0] ?? message, name);
  }
}
