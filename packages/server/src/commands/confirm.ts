import type { Call, Option } from './command.ts';

/** The option of a command that asks before it does what cannot be undone. */
export const yes = {
  type: 'boolean',
  help: 'do not ask; without a terminal there is no question in any case',
} as const satisfies Option;

/** An answer other than yes. */
class DeclinedError extends Error {
  override readonly name = 'DeclinedError';
  constructor() {
    super('Nothing was changed');
  }
}

/**
 * Asks before something that cannot be undone, if a person can answer.
 *
 * @throws DeclinedError
 */
export async function confirm(
  { terminal, options }: Pick<Call<{ yes: typeof yes }>, 'terminal' | 'options'>,
  question: string,
): Promise<void> {
  if (options.yes === true || !terminal.isInteractive) return;
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new DeclinedError();
}
