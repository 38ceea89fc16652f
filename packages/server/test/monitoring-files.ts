import { readFile } from 'node:fs/promises';

const deploy = new URL('../../../deploy/', import.meta.url);

/** The text of the rules of the alerts. */
export const readAlerts = () => readFile(new URL('prometheus/alerts.yaml', deploy), 'utf8');

interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
}

/** The expressions of the dashboard, as Grafana sends them to Prometheus. */
export async function expressionsOfDashboard(): Promise<readonly string[]> {
  const text = await readFile(new URL('grafana/sallyport.json', deploy), 'utf8');
  const { panels } = JSON.parse(text) as { readonly panels: readonly Panel[] };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return expressions.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'sallyport'));
}
