import type { Route } from '@sallyport/http-api';
import { routes } from '../server-routes.ts';
import { operationOf } from '../document.ts';
import type { Told } from './trial.ts';

/** What was sent and answered, in numbers. */
export class Tally {
  readonly #kinds = new Map<string, number>();
  readonly #statuses = new Map<number, number>();
  /** Statuses of the document that were met. */
  readonly #met = new Set<string>();
  total = 0;

  count(kind: string, status: number, route?: Route, plain?: boolean): void {
    this.sent(kind);
    this.answered(status);
    if (route && plain) this.#met.add(`${route.method} ${route.path} ${status}`);
  }

  sent(kind: string): void {
    this.total += 1;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }

  answered(status: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  get kinds(): readonly (readonly [string, number])[] {
    return [...this.#kinds].toSorted(([, one], [, other]) => other - one);
  }

  get statuses(): readonly (readonly [number, number])[] {
    return [...this.#statuses].toSorted(([one], [other]) => one - other);
  }

  /** Documented statuses that no request got; without 503, which needs an outage. */
  get unmet(): readonly string[] {
    return routes.flatMap((route) =>
      Object.keys(operationOf(route)['responses'])
        .map((status) => `${route.method} ${route.path} ${status}`)
        .filter((name) => !name.endsWith('503') && !this.#met.has(name)),
    );
  }

  get met(): number {
    return this.#met.size;
  }
}

/** A plan that found something, as small as it still finds it. */
export interface Failure {
  /** Of the seed: what runs it again. */
  readonly trial: string;
  /** Whether it failed again on a server of its own. Otherwise the fault is the fuzzer's, or takes several trials. */
  readonly isReproduced: boolean;
  readonly what: readonly string[];
  readonly told: readonly Told[];
}

export interface Report {
  readonly requests: number;
  readonly seconds: number;
  /** Of all that was planned: the same for the same seed. */
  readonly digest: string;
  readonly tally: Tally;
  readonly failures: readonly Failure[];
}

/** The report as lines to read. */
export function inWords({ requests, seconds, digest, tally, failures }: Report): string {
  const share = (counts: readonly (readonly [string | number, number])[]) =>
    counts.map(([name, count]) => `  ${String(count).padStart(8)}  ${name === 0 ? 'none' : name}`);
  return [
    `${requests} requests in ${seconds.toFixed(0)} s (${Math.round(requests / seconds)}/s); their digest is ${digest.slice(0, 16)}`,
    'By what they try:',
    ...share(tally.kinds),
    'By the status of the answer:',
    ...share(tally.statuses),
    `Of what the document promises, ${tally.met} statuses of routes were met; not met: ${tally.unmet.join(', ') || 'none'}`,
    failures.length === 0 ? 'Nothing was wrong.' : `${failures.length} FAILED`,
    ...failures.map(failureInWords),
  ].join('\n');
}

function failureInWords({ trial, isReproduced, what, told }: Failure): string {
  const requests = told.map(({ bytes, answer, wrong }) =>
    [
      `  ${asCommand(bytes)}`,
      `    → ${JSON.stringify(answer.slice(0, 1000))}`,
      ...wrong.map((one) => `    WRONG: ${one}`),
    ].join('\n'),
  );
  const again = isReproduced ? 'failed again alone' : 'NOT REPRODUCED alone: look for the fault in the fuzzer first';
  return [`\nTrial ${trial} ${again}:`, ...what.map((one) => `  ${one}`), ...requests].join('\n');
}

/** A command that sends these bytes. */
function asCommand(bytes: Buffer): string {
  const shown = [...bytes.subarray(0, 6000)]
    .map((byte) => {
      if (byte === 0x0d) return '\\r';
      if (byte === 0x0a) return '\\n';
      const isPlain = byte >= 0x20 && byte < 0x7f && ![0x25, 0x27, 0x5c].includes(byte);
      return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
  return `printf '${shown}' | nc 127.0.0.1 3000${bytes.length > 6000 ? ` # the first 6000 of ${bytes.length} bytes` : ''}`;
}
