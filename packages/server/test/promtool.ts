import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Scrape } from './scrape.ts';

/** The rules of the alerts. */
export const rules = fileURLToPath(new URL('../../../deploy/prometheus/alerts.yaml', import.meta.url));

/** What a node was before and what it is afterwards. */
export interface Episode {
  readonly before: Scrape;
  /** `down` if it cannot be scraped, and `gone` if Prometheus does not know it any more, as a pod that was deleted. */
  readonly after: Scrape | 'down' | 'gone';
}

/** Minutes: the node is as it was before until then, and is looked at when all waits of the rules are over. */
const [changeAt, lookAt] = [10, 40];

/**
 * Fails unless these alerts fire and no others, with what Prometheus itself makes of the rules and the scrapes.
 *
 * What happened between the two scrapes is taken to happen each minute: a counter grows by as much each minute, and other
 * values stay as they were scraped last.
 *
 * @param ignored alerts that may fire or not
 */
export async function runAlerts(episode: Episode, firing: readonly string[], ignored: readonly string[] = []) {
  const passed = ignored.length > 0 ? `,alertname!~"${ignored.join('|')}"` : '';
  const expr = `count by (alertname) (ALERTS{alertstate="firing"${passed}})`;
  const expected = (names: readonly string[]) =>
    names.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 }));
  await runPromtool({
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: seriesOf(episode),
        promql_expr_test: [
          { expr, eval_time: `${changeAt - 1}m`, exp_samples: [] },
          { expr, eval_time: `${lookAt}m`, exp_samples: expected(firing) },
        ],
      },
    ],
  });
}

/** Fails unless Prometheus can read these expressions. */
export async function runSyntaxCheck(expressions: readonly string[]): Promise<void> {
  const recorded = expressions.map((expr, index) => ({ record: `checked:${index}`, expr }));
  await inFile({ groups: [{ name: 'checked', rules: recorded }] }, (file) => promtool(['check', 'rules', file]));
}

const target = 'job="sallyport",instance="node-1"';

function seriesOf({ before, after }: Episode) {
  const scraped: Scrape = typeof after === 'string' ? new Map() : after;
  const names = new Set([...before.keys(), ...scraped.keys()]);
  const states = { down: 0, gone: undefined };
  const up = { series: `up{${target}}`, values: valuesOf(1, typeof after === 'string' ? states[after] : 1, false) };
  return [
    up,
    ...[...names].map((name) => ({
      series: name.endsWith('}') ? name.replace(/\}$/, `,${target}}`) : `${name}{${target}}`,
      values: valuesOf(before.get(name), scraped.get(name), /^\w+_(?:total|bucket|sum|count)\b/.test(name)),
    })),
  ];
}

/** In the notation of promtool: a value, its growth and how often it grows. `_` is none. */
function valuesOf(before: number | undefined, after: number | undefined, isCounter: boolean): string {
  const first = before === undefined ? `_x${changeAt - 1}` : `${decimal(before)}+0x${changeAt - 1}`;
  if (after === undefined) return `${first} _x${lookAt - changeAt}`;
  // Some gauges of Node are named like counters, and may fall.
  const growth = isCounter ? Math.max(0, after - (before ?? 0)) : 0;
  return `${first} ${decimal(after)}+${decimal(growth)}x${lookAt - changeAt}`;
}

/** The notation knows no exponents. */
const decimal = (value: number) => value.toFixed(9);

async function runPromtool(test: object): Promise<void> {
  await inFile(test, (file) => promtool(['test', 'rules', file]));
}

/** JSON is YAML. */
async function inFile(content: object, use: (file: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-promtool-'));
  try {
    const file = join(directory, 'rules.json');
    await writeFile(file, JSON.stringify(content));
    await use(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function promtool(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.env['PROMTOOL'] ?? 'promtool', [...args]);
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause: error });
  }
}
