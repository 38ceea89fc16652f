import { command } from './command.ts';

/** Runs the server. */
export const serverCommands = [
  command({
    name: 'serve',
    summary: 'run the server until SIGTERM',
    details: `The log is one JSON object per line on standard output; messages to the operator are on standard error.
The first SIGTERM or SIGINT stops the server gracefully, the second at once.`,
    hasJson: false,
    async run({ environment, terminal }) {
      const { readConfig } = await import('../config.ts');
      const config = readConfig(environment);
      await (await import('../serve.ts')).serve(config, (line) => terminal.tell(line));
    },
  }),
];
