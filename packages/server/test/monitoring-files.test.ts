import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/free-port.mjs';
import { expressionsOfDashboard, readAlerts } from './monitoring-files.ts';
import { scrape } from './scrape.ts';
import { startServer } from './start-server.ts';

/** Prometheus adds it to what it scrapes. */
const ofPrometheus = ['up'];

const readOperations = () => readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

/** The names in an expression that look like metrics: those of this server, of Node and of the process. */
const metricsIn = (text: string) => text.match(/\b(?:sallyport|nodejs|process)_\w+|\bup\b(?=\{)/g) ?? [];

describe('The files for monitoring', () => {
  const known = new Set(ofPrometheus);
  beforeAll(async () => {
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const server = await startServer('Postgres', { environment: { METRICS_PORT: '0', REDIS_URL: redis } });
    for (const series of (await scrape(server.metricsUrl)).keys()) known.add(series.split('{')[0] ?? '');
    await server.close();
  });

  it('name only metrics that the server has', async () => {
    const named = [...metricsIn(await readAlerts()), ...(await expressionsOfDashboard()).flatMap(metricsIn)];
    expect(new Set(named).size).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('name the job sallyport with each metric of an alert', async () => {
    const alerts = await readAlerts();
    expect(metricsIn(alerts).length).toBeGreaterThan(15);
    expect(
      alerts.match(/\b(?:sallyport|nodejs|process)_\w+\b(?!\{job="sallyport")|\bup\b(?=[{)])(?!\{job="sallyport")/g),
    ).toBeNull();
  });

  it('are complete: the dashboard shows every metric of the server, and the docs list each', async () => {
    const own = [...known].filter((name) => name.startsWith('sallyport_'));
    const families = new Set(own.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
    const shown = (await expressionsOfDashboard()).join('\n');
    const docs = await readOperations();
    expect([...families].filter((name) => !shown.includes(name))).toEqual([]);
    expect([...families].filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it('have a section of the docs for each alert, and no section for another', async () => {
    const alerts = await readAlerts();
    const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    const sections = [...(await readOperations()).matchAll(/^#### (Sallyport\w+)$/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(sections).toEqual(names);
    const runbooks = [...alerts.matchAll(/runbook: docs\/operations\.md#(\w+)/g)].map(([, anchor]) => anchor);
    expect(runbooks).toEqual(names.map((name) => name.toLowerCase()));
  });
});
