import {
  type AnyUseCase,
  isSallyportError,
  refusalsOf,
  type Runnable,
  type UseCaseTable,
  useCases,
} from '@sallyport/core';
import type { ContainerModule } from 'inversify';
import { Counter, type Registry } from 'prom-client';
import { modules } from '../modules.ts';
import { wrap } from '../wiring/provide.ts';
import { moduleTokens, type Token, useCaseTokens } from '../wiring/tokens.ts';

type AnyRunnable = Runnable<unknown, unknown, unknown>;

/** A use case by its name: that of its module and its own, or its own for one of the core. */
interface Named {
  readonly name: string;
  readonly declared: AnyUseCase;
  readonly token: Token<AnyRunnable>;
}

/** How a use case ended: the code of a refusal, or one of these. */
const succeeded = 'succeeded';
const failed = 'internal_error';

/** Counts how logins end, and which use cases refuse for a rate limit. */
export function useCaseMetrics(registry: Registry): readonly ContainerModule[] {
  const registers = [registry];
  const logins = new Counter({
    name: 'sallyport_logins_total',
    help: 'Logins with a password, by outcome: "succeeded" or the code of the refusal.',
    labelNames: ['outcome'],
    registers,
  });
  const limited = new Counter({
    name: 'sallyport_rate_limit_refusals_total',
    help: 'Calls that a rate limit refused, by use case.',
    labelNames: ['use_case'],
    registers,
  });

  for (const outcome of [succeeded, failed, ...refusalsOf(useCases.login)]) logins.inc({ outcome }, 0);
  const limitable = allUseCases().filter(({ declared }) => declared.errors.includes('rate_limited'));
  for (const { name } of limitable) limited.inc({ use_case: name }, 0);

  const ofLimits = limitable.map(({ name, token }) =>
    wrap(token, (inner) =>
      observed(inner, (outcome) => {
        if (outcome === 'rate_limited') limited.inc({ use_case: name });
      }),
    ),
  );
  const ofLogins = wrap(useCaseTokens.login as Token<unknown> as Token<AnyRunnable>, (inner) =>
    observed(inner, (outcome) => logins.inc({ outcome })),
  );
  return [...ofLimits, ofLogins];
}

/** Every use case of the core and of the modules. */
function allUseCases(): readonly Named[] {
  const ofModules = modules.flatMap((module) =>
    named(module.useCases, moduleTokens<UseCaseTable>(module), module.name),
  );
  return [...named(useCases, useCaseTokens), ...ofModules];
}

function named(table: UseCaseTable, tokens: Readonly<Record<string, symbol>>, module?: string): readonly Named[] {
  return Object.entries(table).map(([name, declared]) => ({
    name: module === undefined ? name : `${module}.${name}`,
    declared,
    token: tokens[name] as Token<AnyRunnable>,
  }));
}

/** The same use case. `end` is told of the outcome of each call. */
function observed(inner: AnyRunnable, end: (outcome: string) => void): AnyRunnable {
  async function watch(running: Promise<unknown>): Promise<unknown> {
    try {
      const result = await running;
      end(succeeded);
      return result;
    } catch (error) {
      end(isSallyportError(error) ? error.code : failed);
      throw error;
    }
  }
  return {
    execute: (...call) => watch(inner.execute(...call)),
    attempt: (...call) => watch(inner.attempt(...call)),
  };
}
