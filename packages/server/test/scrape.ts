import type { TestServer } from './start-server.ts';

/** The values of a scrape, by their series as Prometheus writes them: `sallyport_logins_total{outcome="succeeded"}`. */
export type Scrape = ReadonlyMap<string, number>;

/** Scrapes a server once, as Prometheus does. */
export async function scrape(url: string | undefined): Promise<Scrape> {
  if (url === undefined) throw new Error('The server is not measured');
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`The scrape answered ${response.status}`);
  return parseScrape(await response.text());
}

/** Reads the text format of Prometheus. */
function parseScrape(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1).replace('+Inf', 'Infinity'))];
    }),
  );
}

/** What changed between two scrapes, among the series whose names begin so. */
export function changes(before: Scrape, after: Scrape, name: string): Record<string, number> {
  const changed = [...after].filter(
    ([series, value]) => series.startsWith(name) && value !== (before.get(series) ?? 0),
  );
  return Object.fromEntries(changed.map(([series, value]) => [series, value - (before.get(series) ?? 0)]));
}

/**
 * Acts, and returns what tells the changes since in the metrics of these names. A request is counted just after its
 * answer was sent.
 */
export async function changesBy(
  { metricsUrl }: Pick<TestServer, 'metricsUrl'>,
  name: string,
  act: () => Promise<unknown>,
) {
  const before = await scrape(metricsUrl);
  await act();
  return async () => changes(before, await scrape(metricsUrl), name);
}
