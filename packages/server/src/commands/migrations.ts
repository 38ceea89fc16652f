import { command } from './command.ts';

/** Brings the tables up to date. */
export const migrationCommands = [
  command({
    name: 'migrate',
    options: { plan: { type: 'boolean', help: 'only print what is pending, what it locks and how long it takes' } },
    summary: 'bring the tables up to date, then leave',
    details: 'It needs the variables of the database alone, no SECRET_KEY. The server may be running on Postgres.',
    async run({ environment, terminal, options: { plan } }) {
      const { readMigrationConfig } = await import('../config.ts');
      const config = readMigrationConfig(environment);
      const { planOnly, runMigrations } = await import('../run-migrations.ts');
      return plan ? planOnly(config) : runMigrations(config, (line) => terminal.tell(line));
    },
  }),
];
