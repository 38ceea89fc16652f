import { contestants } from '../contestants.mjs';
import { workloads } from '../workloads.mjs';
import { median } from './figures.mjs';

/** What all contestants are compared with. */
const rival = 'fastify-lean';

export async function report({ measurements }, options) {
  const tables = options.workloads.map((name) => tableOf(name, measurements, options));
  console.log(tables.join('\n\n'));
}

function tableOf(workload, measurements, { despiteLoad }) {
  const names = [
    ...new Set(measurements.filter((one) => one.workload === workload).map(({ contestant }) => contestant)),
  ];
  const of = (name, field) =>
    measurements.filter((one) => one.workload === workload && one.contestant === name).map((one) => one[field]);
  const whole = (value) => Math.round(value).toLocaleString('en');
  const rows = names.map((name) => {
    const rates = of(name, 'rate');
    const ratio = names.includes(rival) ? (median(rates) / median(of(rival, 'rate'))).toFixed(2) : '';
    return [
      contestants[name].title,
      `${whole(median(rates))} (${whole(Math.min(...rates))}–${whole(Math.max(...rates))})`,
      ratio,
      whole(median(of(name, 'serverMicros'))),
      whole(median(of(name, 'postgresMicros'))),
      median(of(name, 'p50')).toFixed(1),
      median(of(name, 'p99')).toFixed(1),
      `${whole(median(of(name, 'generatorShare')) * 100)} %`,
      `${whole(median(of(name, 'othersShare')) * 100)} %`,
      ...(despiteLoad ? ['not valid'] : []),
    ];
  });
  const head = [
    '',
    'a second',
    '× lean Fastify',
    'µs server',
    'µs Postgres',
    'p50 ms',
    'p99 ms',
    'generator',
    'others',
    ...(despiteLoad ? [''] : []),
  ];
  return [
    `**${workloads[workload].title}**`,
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}
