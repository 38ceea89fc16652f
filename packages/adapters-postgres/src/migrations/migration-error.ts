import { isSallyportError } from '@sallyport/core';
import { SqlError } from '../sql-error.ts';

/** Why the tables cannot be brought up to date, for the operator. Nothing was changed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  /** The statements, also part of the message, that a role with the privileges must run first. */
  readonly statements: readonly string[];

  constructor(sentence: string, options: ErrorOptions & { statements?: readonly string[] } = {}) {
    const { statements = [] } = options;
    super([sentence, ...statements.map((statement) => `  ${statement}`)].join('\n'), options);
    this.statements = statements;
  }
}

const nothingChanged = 'Nothing was changed.';

/** The cause of a failed migration, as the operator needs to know it. An unavailable database stays `unavailable`. */
export function inWords(error: unknown): unknown {
  const refusal = isSallyportError(error) ? error.cause : error;
  if (!(refusal instanceof SqlError)) return error;
  const options = { cause: error };
  switch (refusal.code) {
    case '55P03':
      return new MigrationError(
        `A table stays locked by another transaction, such as a backup. ${nothingChanged} Try again once it has ended.`,
        options,
      );
    case '42501':
      return new MigrationError(`A privilege is missing: ${refusal.message}. ${nothingChanged}`, options);
    case '42P07':
    case '42710':
      return new MigrationError(
        `The schema contains something of another application: ${refusal.message}. ${nothingChanged}`,
        options,
      );
    default:
      return isSallyportError(error)
        ? error
        : new MigrationError(`A migration failed: ${refusal.message}. ${nothingChanged}`, options);
  }
}
