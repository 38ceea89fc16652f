import { anyone, isSallyportError } from '@sallyport/core';
import { compose, type Composition } from './compose.ts';
import { type Config, ConfigError, type DatabaseConfig } from './config.ts';
import { outboxDirectory } from './mail.ts';

/**
 * Runs the server until it is told to stop: by the first SIGTERM or SIGINT in order, by the second at once.
 *
 * @param tell says a line to whoever started it
 */
export async function serve(config: Config, tell: (line: string) => void): Promise<void> {
  const stopped = stopSignal();
  const composition = await compose(config);
  try {
    await bootstrapAdmin(composition, config, tell);
    await composition.application.maintainKeys.execute(anyone);
    const { port } = await composition.http.listen(config.port, config.host);
    composition.workers.start();
    tellWhere(composition, config, port, tell);
    await stopped;
  } finally {
    await composition.close();
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve();
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  });
}

async function bootstrapAdmin({ application }: Composition, config: Config, tell: (line: string) => void) {
  const { bootstrapAdmin: admin } = config;
  if (!admin) return;
  try {
    const made = await application.bootstrapAdmin.execute(anyone, admin);
    if (made) tell(`The first admin is ${admin.email}`);
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    if (error.code === 'email_taken') {
      throw new ConfigError('BOOTSTRAP_ADMIN_EMAIL belongs to a member already, and nobody is promoted silently');
    }
    if (error.code !== 'validation_failed') throw error;
    const words = error.issues.map(
      ({ path, message }) => `BOOTSTRAP_ADMIN_${String(path[0]).toUpperCase()}: ${message}`,
    );
    throw new ConfigError(words.join('\n'));
  }
}

function tellWhere(
  { generatedSecretKey }: Composition,
  config: Config,
  port: number,
  tell: (line: string) => void,
): void {
  const { host, publicUrl } = config;
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  tell(`Sallyport listens on ${address}, known as ${publicUrl}`);
  tell(`  docs page   ${address}/docs`);
  tell(`  database    ${storeInWords(config.database)}`);
  if (config.smtpUrl === undefined)
    tell(`  mails       no mail server: they become files in ${outboxDirectory(config)}`);
  if (generatedSecretKey) tell(`  secret key  generated, in ${generatedSecretKey}`);
}

function storeInWords(database: DatabaseConfig): string {
  if (database.kind === 'memory') return 'in memory: nothing is kept';
  return database.kind === 'pglite' ? `embedded, in ${database.directory}` : 'Postgres';
}
