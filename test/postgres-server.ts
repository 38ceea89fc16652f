import { randomUUID } from 'node:crypto';
import { findsDocker } from './docker.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/** Where the tests' Postgres comes from. */
export type PostgresSource = 'TEST_DATABASE_URL' | 'testcontainers' | 'embedded-postgres';

/** A real Postgres on which the tests create databases. */
export interface PostgresServer {
  /** The URL of the maintenance database, with a role that may create databases. */
  readonly url: string;
  readonly source: PostgresSource;
  /** Stops a server that was started here, without leaving anything behind. A server that was given stays running. */
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The server that was named, or a container if a Docker engine answers, or the binaries from npm. */
export async function chooseSource(
  environment: Environment,
  dockerAnswers: () => Promise<boolean>,
): Promise<PostgresSource> {
  if (environment['TEST_DATABASE_URL']) return 'TEST_DATABASE_URL';
  return (await dockerAnswers()) ? 'testcontainers' : 'embedded-postgres';
}

/** Starts the Postgres that is available on this machine. There is always one, so no test is skipped for lack of it. */
export async function startPostgres(environment: Environment = process.env): Promise<PostgresServer> {
  const source = await chooseSource(environment, findsDocker);
  if (source === 'TEST_DATABASE_URL') return { source, url: environment[source] ?? '', stop: () => Promise.resolve() };
  return { source, ...(await (source === 'testcontainers' ? startContainer() : startEmbeddedPostgres())) };
}

/**
 * This branch needs a Docker engine. It was written on a machine without one, so it has not been run there. If the test
 * process is killed, Testcontainers' own reaper ends the container.
 */
async function startContainer(): Promise<Pick<PostgresServer, 'url' | 'stop'>> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:17-alpine')
    .withPassword(randomUUID())
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    .start();
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}
