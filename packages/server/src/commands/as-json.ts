import type { AnyUseCase, Policy } from '@sallyport/core';
import { outputOf } from '@sallyport/core';
import { outputWriter } from '@sallyport/http-api';

/** What a use case returned, as the API writes it. */
export function asJson(declared: Pick<AnyUseCase, 'output'>, policy: Policy, returned: unknown): unknown {
  return outputWriter(outputOf(declared, policy))(returned);
}
