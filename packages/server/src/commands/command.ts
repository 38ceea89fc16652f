import type { Composition } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** An option of a command. */
export interface Option {
  readonly type: 'boolean' | 'string';
  /** Whether it may be given several times. */
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for its value in help. */
  readonly value?: string;
  readonly help: string;
}

/** Options by name. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<Given extends Option> = Given extends { readonly type: 'boolean' }
  ? boolean
  : Given extends { readonly multiple: true }
    ? readonly string[]
    : string;

/** What a command works on, and its arguments. */
export interface PlainCall {
  /** One for each name in `arguments`, without those that may be absent and are. */
  readonly arguments: readonly string[];
  /** The variables of the process and of the file `.env`. */
  readonly environment: Variables;
  readonly terminal: Terminal;
  /** Opens the configured store and wires the application to it. */
  readonly compose: (config: Config) => Promise<Composition>;
}

/** The call of a command with these options. */
export interface Call<Given extends Options = Options> extends PlainCall {
  readonly options: { readonly [Name in keyof Given]?: ValueOf<Given[Name]> | undefined };
}

/** What a command has to say once it is done. */
export interface Outcome {
  /** Lines for standard output. Texts of users must have passed through `printable`. */
  readonly lines?: readonly string[];
  /** Lines for standard error. */
  readonly notes?: readonly string[];
  /** The value that `--json` prints instead of both. */
  readonly json: unknown;
  /** 1 if the command found a failure, 3 if it did a part of its work; 0 if absent. */
  readonly exitCode?: 0 | 1 | 3;
}

/** A command as its author declares it. */
interface Declared<Given extends Options> {
  /** Its words: `users create`. */
  readonly name: string;
  /** What follows the words, one name for each: `EMAIL`, or `[FILE]` if it may be absent. */
  readonly arguments?: readonly string[];
  readonly options?: Given;
  /** One line, which begins with a verb. */
  readonly summary: string;
  /** Further lines for its own help. */
  readonly details?: string;
  /** False for a command that runs until it is stopped. Its log is JSON in any case. */
  readonly hasJson?: boolean;
  /** Loads its code when it is called: loading a whole server takes most of a second. */
  readonly run: (call: Call<Given>) => Promise<Outcome | void>;
}

/** A command of the table. */
export type Command = Required<Omit<Declared<Options>, 'details'>> & Pick<Declared<Options>, 'details'>;

/** The options of a command that has none. */
type NoOptions = Readonly<Record<string, never>>;

/** Declares a command. The types of its options follow from their declarations. */
export function command<const Given extends Options = NoOptions>(declared: Declared<Given>): Command {
  return { arguments: [], options: {}, hasJson: true, ...declared, run: declared.run as Command['run'] };
}

/** A call that was not understood. The message is a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /**
   * The words of the command, or of the group of commands, whose help is worth reading; empty for the help of all. What
   * a command throws while it runs is about that command.
   */
  of: string | undefined;
  constructor(message: string, of?: string) {
    super(message);
    this.of = of;
  }
}
