import { contestants } from '../contestants.mjs';
import { workloads } from '../workloads.mjs';
import { median } from './figures.mjs';

/** The contestant that all others are compared with. */
const rival = 'fastify-lean';

/** The figures of a workload as a table in Markdown: medians over the rounds, and the lowest and highest rate. */
export function workloadTable(workload, measured) {
  const all = measured.filter((one) => one.workload === workload);
  const ofRival = all.filter(({ contestant }) => contestant === rival);
  const rateOfRival = ofRival.length > 0 ? median(ofRival.map(({ rate }) => rate)) : undefined;
  const isRefused = all.some(({ refused }) => refused > 0);
  const columns = columnsOf(workloads[workload], rateOfRival, isRefused);
  const rows = groupBy(all, ({ contestant }) => contestants[contestant].title);
  return tableOf(workloads[workload].title, columns, rows);
}

/** The figures of the starts as a table in Markdown. */
export function startTable(started) {
  const columns = {
    seconds: (rounds) => withSpread(rounds, ({ seconds }) => seconds, decimal(2)),
    'CPU s': by(({ cpuSeconds }) => cpuSeconds, decimal(2)),
    'MB at most': by(({ peak }) => peak, whole),
    'MB after 2 s': by(({ settled }) => settled, whole),
    others: by(({ othersShare }) => othersShare, percent),
  };
  const rows = groupBy(started, ({ contestant, time }) => `${contestants[contestant].title}, ${time}`);
  return tableOf('from the start of the process to the first answer', columns, rows);
}

/** The memory of each contestant as a table in Markdown. */
export function memoryTable(memory) {
  const columns = { MB: by(({ peak }) => peak, whole) };
  const rows = groupBy(memory, ({ contestant }) => contestants[contestant].title);
  return tableOf('memory at most, over all rounds', columns, rows);
}

function columnsOf({ isOpen, beside }, rateOfRival, isRefused) {
  const rate = isOpen
    ? { 'a second': by(({ rate }) => rate, whole) }
    : {
        'a second': (rounds) => withSpread(rounds, ({ rate }) => rate, whole),
        ...(rateOfRival && { '× lean Fastify': by(({ rate }) => rate / rateOfRival, decimal(2)) }),
      };
  const cost = { 'server µs': by(({ server }) => server, whole), 'Postgres µs': by(({ postgres }) => postgres, whole) };
  const latency = { 'p50 ms': by(({ p50 }) => p50, decimal(1)), 'p99 ms': by(({ p99 }) => p99, decimal(1)) };
  const logins = {
    'logins a second': by(({ beside }) => beside.rate, whole),
    'login p99 ms': by(({ beside }) => beside.p99, whole),
  };
  return {
    ...rate,
    ...(isRefused && { refused: by(({ refused }) => refused, whole) }),
    // The cost of two kinds of requests cannot be told apart.
    ...(beside ? {} : cost),
    ...latency,
    ...(beside && logins),
    generator: by(({ generatorShare }) => generatorShare, percent),
    others: by(({ othersShare }) => othersShare, percent),
  };
}

const whole = (value) => Math.round(value).toLocaleString('en');
const decimal = (digits) => (value) => value.toFixed(digits);
const percent = (value) => `${Math.round(value * 100)} %`;

function by(field, format) {
  return (rounds) => format(median(rounds.map(field)));
}

function withSpread(rounds, field, format) {
  const values = rounds.map(field);
  return `${format(median(values))} (${format(Math.min(...values))}–${format(Math.max(...values))})`;
}

function groupBy(items, titleOf) {
  const groups = new Map();
  for (const item of items) groups.set(titleOf(item), [...(groups.get(titleOf(item)) ?? []), item]);
  return groups;
}

function tableOf(title, columns, rows) {
  const lines = [
    ['', ...Object.keys(columns)],
    ['---', ...Object.keys(columns).map(() => '--:')],
    ...[...rows].map(([name, rounds]) => [name, ...Object.values(columns).map((cell) => cell(rounds))]),
  ];
  return [`### ${title[0].toUpperCase()}${title.slice(1)}`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`)];
}
