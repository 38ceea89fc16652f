import { deflateSync, gzipSync } from 'node:zlib';

/** A person of a case's cast. Their rights never grow by themselves. */
export const people = ['ada', 'bob', 'cyd', 'eve', 'ivy', 'root', 'idle', 'gone', 'left'] as const;
export type Name = (typeof people)[number];

/** Who sends a request: a person with their own token, or a caller without a valid one. */
export type Caller = Name | 'anonymous' | 'forger';

/** How the text of a body becomes bytes. */
export const codings = ['plain', 'gzip', 'cut', 'bent', 'bomb', 'deflate', 'latin1', 'utf16', 'stray', 'mark'] as const;
export type Coding = (typeof codings)[number];

/**
 * One request, as data: the same seed makes the same ones. What only the server can say stands in it as ⟦ada.token⟧
 * and is put in when it is sent.
 */
export interface Shot {
  /** What it tries, for the count in the report. */
  readonly kind: string;
  readonly caller: Caller;
  readonly method: string;
  /** As it stands on the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: { readonly text: string; readonly coding: Coding };
  /** Whether nothing but its fields and its caller can be wrong with it: HTTP itself has no reason to refuse it. */
  readonly plain: boolean;
  /** The statuses that it must have, where a story knows. */
  readonly expect?: readonly number[];
  /** What follows for the cast from its success. */
  readonly learn?: { readonly who: Name; readonly what: 'grant' | 'password' | 'email' };
}

/** Bytes on a connection of their own, as Latin-1, in so many writes; then the client says no more, or breaks off. */
export interface RawShot {
  readonly kind: 'raw HTTP';
  readonly chunks: readonly string[];
  /** How many answers there must be, where that is known; the last of them a refusal, where that is. */
  readonly answers?: number;
  readonly refused?: boolean;
  /** After so many turns of the loop of events. */
  readonly breaksOff?: number;
}

/** Several at a time; of some just one may succeed. */
export interface Race {
  readonly together: readonly Shot[];
  readonly once?: boolean;
}

export type Step = Shot | RawShot | Race;

/** What is tried in one go, by a cast of its own. */
export interface Plan {
  readonly kind: string;
  readonly steps: readonly Step[];
}

export function countShots({ steps }: Plan): number {
  return steps.reduce((count, step) => count + ('together' in step ? step.together.length : 1), 0);
}

/** A request as it is sent: nothing is left to be put in. */
export interface Sent extends Omit<Shot, 'body'> {
  readonly body?: Buffer;
  /** The body before it was made bytes. */
  readonly text?: string;
}

/** Eight megabytes of spaces, before they are looked at. */
const bomb = gzipSync(Buffer.alloc(8_388_608, ' '));

export function encode(text: string, coding: Coding): Buffer {
  switch (coding) {
    case 'plain':
      return Buffer.from(text);
    case 'gzip':
      return gzipSync(text);
    case 'cut':
      return gzipSync(text).subarray(0, -9);
    case 'bent':
      return gzipSync(text).fill(0, 12, 16);
    case 'bomb':
      return bomb;
    case 'deflate':
      return deflateSync(text);
    case 'latin1':
      return Buffer.from(`${text}\xe9`, 'latin1');
    case 'utf16':
      return Buffer.from(text, 'utf16le');
    case 'stray':
      return Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]);
    case 'mark':
      return Buffer.from(`\ufeff${text}`);
    default:
      return coding satisfies never;
  }
}

/** A request as bytes, which can be sent again. */
export function toBytes({ method, target, headers, body }: Sent): Buffer {
  const length = body ? [['Content-Length', String(body.length)] as const] : [];
  const lines = [...headers, ...length, ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}
