import { type AnyUseCase, type Runnable, type UseCaseTable, useCases } from '@sallyport/core';
import { modules } from '../modules.ts';
import { moduleTokens, type Token, useCaseTokens } from './tokens.ts';

/** A use case whose input and output are not known. */
export type AnyRunnable = Runnable<unknown, unknown, unknown>;

/** A use case by its name, which begins with that of its module and a dot if the core does not have it. */
export interface NamedUseCase {
  readonly name: string;
  readonly declared: AnyUseCase;
  readonly token: Token<AnyRunnable>;
}

/** Every use case of the core and of the modules. */
export const allUseCases: readonly NamedUseCase[] = [
  ...named(useCases, useCaseTokens),
  ...modules.flatMap((module) => named(module.useCases, moduleTokens<UseCaseTable>(module), `${module.name}.`)),
];

function named(table: UseCaseTable, tokens: Readonly<Record<string, symbol>>, prefix = ''): readonly NamedUseCase[] {
  return Object.entries(table).map(([name, declared]) => ({
    name: prefix + name,
    declared,
    token: tokens[name] as Token<AnyRunnable>,
  }));
}

/** The same use case, each call of which is made by `run`. */
export function calledBy(inner: AnyRunnable, run: (call: () => Promise<unknown>) => Promise<unknown>): AnyRunnable {
  return {
    execute: (...call) => run(() => inner.execute(...call)),
    attempt: (...call) => run(() => inner.attempt(...call)),
  };
}
