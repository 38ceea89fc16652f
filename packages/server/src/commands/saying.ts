import type { Outcome } from './command.ts';

/** The outcome of a command that has one sentence to say. */
export function saying(message: string): Outcome {
  return { lines: [message], json: { message } };
}
