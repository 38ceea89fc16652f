import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { eachInADirectory } from './sallyport-process.ts';
import { scrape } from './scrape.ts';

const { path, serve, serveFromModules, end } = eachInADirectory();
const memory = { DATABASE_URL: 'memory:' };

/** Writes at its end which of the packages for metrics and traces were loaded. */
const reporter = `process.on('exit', () => {
  const loaded = ['prom-client', '@opentelemetry/api'].filter((name) =>
    Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')));
  process.stderr.write('loaded: ' + JSON.stringify(loaded) + '\\n');
});`;

describe('A server that is told of a port for metrics', () => {
  it('tells the URL to scrape, answers there until it ends, and measures the process', async () => {
    const server = serve({ ...memory, METRICS_PORT: '0' });
    const url = await server.url;
    const told = /^ {2}metrics {5}(http:\/\/127\.0\.0\.1:\d+\/metrics)$/m;
    await vi.waitFor(() => expect(server.told()).toMatch(told));
    const metricsUrl = told.exec(server.told())?.[1];
    await fetch(`${url}/health/live`);
    const series = await scrape(metricsUrl);
    expect(series.get('sallyport_database_up')).toBe(1);
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(series.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  it('ends with a sentence if the port is taken, or the address is another machine’s', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await end(['serve'], { ...memory, METRICS_PORT: String(port) })).toMatchObject({
      code: 1,
      stderr: `METRICS_PORT is taken: another process listens on ${port}\n`,
    });
    expect(await end(['serve'], { ...memory, METRICS_PORT: '0', METRICS_HOST: '192.0.2.1' })).toMatchObject({
      code: 1,
      stderr: 'METRICS_HOST is no address of this machine\n',
    });
  });
});

it.each([
  ['no metrics', {}, []],
  ['metrics', { METRICS_PORT: '0' }, ['prom-client', '@opentelemetry/api']],
])('A server with %s loads no more than it needs', async (_, environment, loaded) => {
  await writeFile(path('reporter.cjs'), reporter);
  const server = serveFromModules({ ...memory, ...environment, NODE_OPTIONS: `--require ${path('reporter.cjs')}` });
  await server.url;
  expect((await server.stop()).stderr).toContain(`loaded: ${JSON.stringify(loaded)}\n`);
});
