import { readFileSync } from 'node:fs';
import { type Call, type Command, type Outcome, UsageError, type Variables } from './commands/command.ts';
import { helpOn } from './commands/help.ts';
import { asksForJson, helpAskedFor, type Parsed, parseCommand } from './commands/parse.ts';
import { report, reportFailure } from './commands/report.ts';
import { commands } from './commands/table.ts';
import { processTerminal, type Terminal } from './commands/terminal.ts';
import { endAtSignals } from './end-at-signals.ts';

/** What the command line works with. What is absent belongs to this process. */
export interface Host {
  readonly environment?: Variables;
  /** The settings file; `.env` in the current directory if absent. */
  readonly envFile?: string;
  readonly terminal?: Terminal;
  readonly compose?: Call['compose'];
}

/** Runs the command line, and returns the exit status of the process. */
export async function main(words: readonly string[], host: Host = {}): Promise<number> {
  const { terminal = processTerminal() } = host;
  const isJson = asksForJson(words);
  try {
    if (words[0] === '--version') return report(terminal, isJson, saying(readVersion()));
    const topic = helpAskedFor(words, commands);
    if (topic !== undefined) return report(terminal, isJson, saying(helpOn(topic, commands)));
    const parsed = parseCommand(words, commands);
    return report(terminal, isJson, (await run(parsed, terminal, host)) ?? { json: {} });
  } catch (error) {
    return reportFailure(terminal, isJson, error, commands);
  }
}

async function run(parsed: Parsed, terminal: Terminal, host: Host): Promise<Outcome | void> {
  const { command, ...given } = parsed;
  const { compose = async (config) => (await import('./compose.ts')).compose(config) } = host;
  // Whatever creates a file from here on, such as the embedded database while it runs, only its owner may read it.
  process.umask(0o077);
  // A command that runs until it is stopped handles signals itself.
  if (command.hasJson) endAtSignals();
  return logging(command, terminal, async () => {
    const environment = await completeEnvironment(host);
    try {
      return await command.run({ ...given, environment, terminal, compose } as Call);
    } catch (error) {
      if (error instanceof UsageError) error.of ??= command.name;
      throw error;
    }
  });
}

/** The log of the server is its standard output. For other commands, that is what they print. */
async function logging<Result>({ hasJson }: Command, terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  if (!hasJson) return work();
  const { loggingTo } = await import('./log.ts');
  return loggingTo({ write: (line) => terminal.tell(line.trimEnd()) }, work);
}

/** Adds the variables of the settings file to those of the process. These take precedence if they have a value. */
async function completeEnvironment({ environment = process.env, envFile = '.env' }: Host): Promise<Variables> {
  const { readEnvFile } = await import('./env-file.ts');
  const { givenVariables } = await import('./given-variables.ts');
  const { warnOfDoubtfulVariables } = await import('./doubtful-variables.ts');
  const file = readEnvFile(envFile);
  await warnOfDoubtfulVariables(environment, file);
  const complete = { ...environment, ...file, ...givenVariables(environment) };
  // Libraries and Node itself read some of them there.
  return environment === process.env ? Object.assign(process.env, complete) : complete;
}

const saying = (text: string): Outcome => ({ lines: [text], json: { message: text } });

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
