import { findsDocker } from './docker.ts';
import { type RunningServer, startRunner } from './runner.ts';

/** Where the tests' Redis comes from. */
export type RedisSource = 'TEST_REDIS_URL' | 'testcontainers' | 'redis-server';

/** A real Redis for the tests. Each test uses its own keys. */
export interface RedisServer extends RunningServer {
  readonly source: RedisSource;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The server that was named, or a container if a Docker engine answers, or Debian's, installed if necessary. */
export async function chooseRedis(
  environment: Environment,
  dockerAnswers: () => Promise<boolean>,
): Promise<RedisSource> {
  if (environment['TEST_REDIS_URL']) return 'TEST_REDIS_URL';
  return (await dockerAnswers()) ? 'testcontainers' : 'redis-server';
}

/** Starts the Redis that is available on this machine. */
export async function startRedis(environment: Environment = process.env): Promise<RedisServer> {
  const source = await chooseRedis(environment, findsDocker);
  if (source === 'TEST_REDIS_URL') return { source, url: environment[source] ?? '', stop: () => Promise.resolve() };
  return {
    source,
    ...(await (source === 'testcontainers'
      ? startContainer()
      : startRunner(new URL('redis-runner.mjs', import.meta.url)))),
  };
}

/** As with Postgres, this branch was written on a machine without a Docker engine. */
async function startContainer(): Promise<RunningServer> {
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer('redis:7-alpine').withExposedPorts(6379).start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    stop: async () => {
      await container.stop();
    },
  };
}
