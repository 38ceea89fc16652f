import { isSallyportError, refusalsOf, useCases } from '@sallyport/core';
import type { ContainerModule } from 'inversify';
import { Counter, type Registry } from 'prom-client';
import { allUseCases, calledBy } from '../wiring/all-use-cases.ts';
import { wrap } from '../wiring/provide.ts';

/** How a use case ended that did not refuse. */
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

  const limitable = allUseCases.filter(({ declared }) => declared.errors.includes('rate_limited'));
  return limitable.map(({ name, declared, token }) => {
    limited.inc({ use_case: name }, 0);
    const end = (outcome: string) => {
      if (outcome === 'rate_limited') limited.inc({ use_case: name });
      if (declared === useCases.login) logins.inc({ outcome });
    };
    return wrap(token, (inner) => calledBy(inner, (call) => endingWith(end, call)));
  });
}

/** Makes a call, and tells how it ended. */
async function endingWith(end: (outcome: string) => void, call: () => Promise<unknown>): Promise<unknown> {
  try {
    const result = await call();
    end(succeeded);
    return result;
  } catch (error) {
    end(isSallyportError(error) ? error.code : failed);
    throw error;
  }
}
