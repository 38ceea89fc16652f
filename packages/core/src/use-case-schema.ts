import * as v from 'valibot';
import { aFunction, anything, exactly, flag, isSchema, listOf, text, valibotSchema } from './model/option-schemas.ts';
import type { Policy } from './model/policy.ts';
import { type AnyUseCase, inputOf, outputOf } from './use-case.ts';

/** A schema of valibot, or the function that makes one of the policy. */
export const schemaSource = (type?: string) =>
  v.lazy((source): v.GenericSchema<unknown, never> => (typeof source === 'function' ? aFunction : valibotSchema(type)));

/** The schema of a use case that a module declares. */
export const useCaseSchema = exactly<AnyUseCase>({
  // Which callers exist depends on the roles of the policy.
  caller: anything,
  joinable: v.optional(flag),
  restrictedTo: v.optional(aFunction),
  input: schemaSource('object'),
  output: schemaSource(),
  errors: listOf(text) as v.GenericSchema<unknown, AnyUseCase['errors']>,
  run: aFunction,
});

/** @throws Error that names a use case whose function makes no schema of this policy */
export function refuseUnusableSchemas(
  cases: Readonly<Record<string, AnyUseCase>>,
  policy: Policy,
  module: string,
): void {
  for (const [name, declared] of Object.entries(cases)) {
    if (!isSchema(inputOf(declared, policy), 'object')) {
      throw new Error(`${module}.${name} has an input that is no schema of an object`);
    }
    if (!isSchema(outputOf(declared, policy))) throw new Error(`${module}.${name} has an output that is no schema`);
  }
}
