import { setTimeout as delay } from 'node:timers/promises';
import { isSallyportError } from '@sallyport/core';
import { compose, type Composition } from './compose.ts';
import { type Config, ConfigError, type DatabaseConfig } from './config.ts';
import { makeDirectory } from './data-directory.ts';
import { addressErrorInWords } from './error-in-words.ts';
import { firstAdminInWords } from './first-admin.ts';
import { outboxDirectory } from './mail.ts';

/**
 * Milliseconds that a start on Postgres may continue after a stop was requested. It may be waiting for another node.
 */
const startTimeout = 5_000;

/**
 * Runs the server until it is told to stop. The first signal stops it gracefully, the second at once. SIGTERM comes
 * from the orchestrator of nodes behind a load balancer, so the balancer gets time to notice. SIGINT comes from a
 * terminal, where no wait is needed.
 *
 * @param tell prints a line for the operator
 */
export async function serve(config: Config, tell: (line: string) => void): Promise<void> {
  const stop = stopSignal();
  // With any store, mails without a mail server are written there. Without this check, the first mail would fail long
  // after the start.
  if (config.smtpUrl === undefined) await makeDirectory(config.dataDirectory, 'DATA_DIR');
  const composing = compose(config);
  // The embedded database may finish. On Postgres, pending work is rolled back when the process exits.
  const isPostgres = config.database.kind === 'postgres';
  const composition = await (isPostgres ? Promise.race([composing, giveUp(stop)]) : composing);
  if (!composition) return;
  try {
    if (!(await start(composition, config, tell, stop))) return;
    const signal = await stop.told;
    if (signal === 'SIGTERM') await composition.http.retire();
  } finally {
    await composition.close();
  }
}

interface StopSignal {
  readonly told: Promise<NodeJS.Signals>;
  isTold(): boolean;
}

function stopSignal(): StopSignal {
  let isTold = false;
  const told = new Promise<NodeJS.Signals>((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (isTold) process.exit(1);
      isTold = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  });
  return { told, isTold: () => isTold };
}

async function giveUp({ told }: StopSignal): Promise<undefined> {
  await told;
  await delay(startTimeout, undefined, { ref: false });
}

/** Starts listening, unless a stop was requested in the meantime. Returns whether the server listens. */
async function start(
  composition: Composition,
  config: Config,
  tell: (line: string) => void,
  stop: StopSignal,
): Promise<boolean> {
  const { application, system, http, workers } = composition;
  if (stop.isTold()) return false;
  await bootstrapAdmin(composition, config, tell);
  const admins = await application.searchUsers.execute(system, { role: 'admin', isActive: true, limit: 1 });
  await application.maintainKeys.execute(system);
  if (stop.isTold()) return false;
  const metricsUrl = await listenForMetrics(composition, config);
  const { port } = await http.listen(config.port, config.host);
  workers.start();
  tellWhere(composition, config, port, tell);
  if (metricsUrl !== undefined) tell(`  metrics     ${metricsUrl}`);
  if (admins.items.length === 0) for (const line of firstAdminInWords(config)) tell(line);
  return true;
}

/** Returns the URL to scrape, if the server is measured. */
async function listenForMetrics({ metrics }: Composition, config: Config): Promise<string | undefined> {
  if (!metrics || !config.metrics) return undefined;
  const { port, host } = config.metrics;
  try {
    const listening = await metrics.listen(port, host);
    return `${addressOf('http', host, listening.port)}/metrics`;
  } catch (error) {
    const inWords = addressErrorInWords(error, 'METRICS_PORT', 'METRICS_HOST');
    throw inWords === undefined ? error : new ConfigError(inWords, { cause: error });
  }
}

const addressOf = (scheme: string, host: string, port: number) =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;

async function bootstrapAdmin({ application, system }: Composition, config: Config, tell: (line: string) => void) {
  const { bootstrapAdmin: admin } = config;
  if (!admin) return;
  try {
    const made = await application.bootstrapAdmin.execute(system, admin);
    if (made) tell(`The first admin is ${admin.email}`);
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    if (error.code === 'email_taken') {
      throw new ConfigError(
        'BOOTSTRAP_ADMIN_EMAIL belongs to a member already. sallyport users role EMAIL admin promotes an account',
      );
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
  const { host, publicUrl, tls } = config;
  const address = addressOf(tls ? 'https' : 'http', host, port);
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
