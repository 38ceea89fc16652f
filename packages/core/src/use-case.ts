import type * as v from 'valibot';
import { authorizing } from './authorize.ts';
import { refuseOtherRoles } from './model/authorization.ts';
import type { Admin, Anyone, Bearer, Member, System, Who } from './model/caller.ts';
import { type ErrorCode, isSallyportError, SallyportError } from './model/errors.ts';
import type { Hooks } from './model/hooks.ts';
import { type GenuineCallers, originOfUnknown } from './model/genuine-callers.ts';
import { givenBy, type InputSource, passed } from './model/given-input.ts';
import { parse } from './model/input.ts';
import type { Policy } from './model/policy.ts';
import type { UserId } from './model/user.ts';
import type { Ports } from './ports/ports.ts';
import type { Transaction } from './ports/unit-of-work.ts';
import { type Authenticating, readMember } from './read-member.ts';

/** The callers that a use case accepts. */
export type CallerFor<W extends Who> = W extends 'anyone'
  ? Anyone | Bearer | System
  : W extends 'system'
    ? System
    : W extends 'operator'
      ? Admin | Bearer | System
      : W extends 'admin'
        ? Admin | Bearer
        : Member | Bearer;

/** The caller that `run` gets: a member in their current state, or where the call came from. */
type Admitted<W extends Who> = W extends 'anyone' | 'operator' | 'system' ? Anyone : W extends 'admin' ? Admin : Member;

/** The fields that a use case takes. */
export type InputSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** Deletes at most so many rows of a closed account, and returns how many: 0 only if none is left. */
export type AccountPurge = (transaction: Transaction, userId: UserId, limit: number) => Promise<number>;

/** What a use case may need besides ports. */
export interface Surroundings {
  readonly policy: Policy;
  /** Creates genuine callers. */
  readonly callers: GenuineCallers;
  readonly hooks: Hooks;
  /** Delete what modules stored for a closed account. */
  readonly purges: readonly AccountPurge[];
}

/** The declaration of a use case, next to its logic. */
export interface UseCase<
  Needs,
  W extends Who,
  Input extends InputSchema,
  Output extends v.GenericSchema,
  Code extends ErrorCode,
  Joins extends boolean = false,
> {
  readonly caller: W;
  /**
   * Whether a host can run it inside its own transaction; `false` if absent. None of its refusals may have to be recorded:
   * they would be lost if the host rolls back.
   */
  readonly joinable?: Joins;
  /** A narrower rule that the policy sets; without one, `caller` is the rule. */
  readonly restrictedTo?: (policy: Policy) => Who | undefined;
  /** The input that it takes. The schema may depend on the profile of the policy. */
  readonly input: Input | ((policy: Policy) => Input);
  /** What it returns. The schema may depend on the profile of the policy. */
  readonly output: Output | ((policy: Policy) => Output);
  /** The codes that it refuses with, besides `unavailable` and the codes that follow from its caller and its input. */
  readonly errors: readonly Code[];
  /** The logic, for a caller who is allowed and an input that is valid. */
  readonly run: (needs: Needs, caller: Admitted<W>, input: v.InferOutput<Input>) => Promise<v.InferOutput<Output>>;
}

/** Declares a use case. One that states no caller does not compile. */
export function useCase<
  Needs,
  const W extends Who,
  const Input extends InputSchema,
  const Output extends v.GenericSchema,
  const Code extends ErrorCode,
  const Joins extends boolean = false,
>(declared: UseCase<Needs, W, Input, Output, Code, Joins>): UseCase<Needs, W, Input, Output, Code, Joins> {
  return declared;
}

/** Any use case, whatever its needs, input and output. */
export interface AnyUseCase extends Omit<UseCase<never, Who, InputSchema, v.GenericSchema, ErrorCode, boolean>, 'run'> {
  readonly run: (needs: never, caller: never, input: never) => Promise<unknown>;
}

type Arguments<Input> = Partial<Input> extends Input ? [input?: Input] : [input: Input];

/** A use case that is ready to be called. */
export interface Runnable<Callers, Input, Result> {
  /** Runs it for this caller on this input. */
  execute(caller: Callers, ...input: Arguments<Input>): Promise<Result>;

  /**
   * The same for a caller and an input of unknown type, such as `await request.json()`. If the input is a function, it
   * is called once the caller is known, and may return a promise. A promise in its place is refused.
   */
  attempt(caller: unknown, input?: unknown): Promise<Result>;
}

/** A use case as its callers see it. */
export type Built<Declared> =
  Declared extends UseCase<infer _Needs, infer W, infer Input, infer Output, infer _Code, infer _Joins>
    ? Runnable<CallerFor<W>, v.InferInput<Input>, v.InferOutput<Output>>
    : never;

/**
 * Makes a use case ready to be called. This function alone checks callers, inputs and errors against the declaration.
 */
export function build<Declared extends AnyUseCase>(
  name: string,
  declared: Declared,
  needs: Ports & Surroundings,
): Built<Declared> {
  const { caller, restrictedTo } = declared;
  const { policy, callers } = needs;
  const schema = inputOf(declared, policy);
  const who = restrictedTo?.(policy) ?? caller;
  const run = declared.run as (needs: object, caller: Anyone, input: unknown) => Promise<unknown>;

  async function call(claimed: unknown, inputOf: InputSource): Promise<unknown> {
    try {
      let caller = await identifyCaller(needs, callers, who, claimed);
      let given = inputOf();
      if (given instanceof Promise) {
        given = await given;
        // The caller's permissions may have changed while the input was being read.
        caller = await identifyCaller(needs, callers, who, claimed);
      }
      const input = parse(schema, given.input === undefined ? {} : given.input);
      if (who === 'anyone' || who === 'system') return await run(needs, caller, input);
      return await run({ ...needs, unitOfWork: authorizing(needs, who, caller) }, caller, input);
    } catch (error) {
      if (!isSallyportError(error) || refusalsOf(declared).has(error.code)) throw error;
      throw new Error(`${name} refused with ${error.code}, which it does not declare`, { cause: error });
    }
  }

  const runnable: Runnable<unknown, unknown, unknown> = {
    execute: (caller, ...[input]) => call(caller, passed(input)),
    attempt: (caller, input) => call(caller, givenBy(input)),
  };
  return runnable as Built<Declared>;
}

/** The input schema of a use case under this policy. */
export function inputOf({ input }: Pick<AnyUseCase, 'input'>, policy: Policy): InputSchema {
  return typeof input === 'function' ? input(policy) : input;
}

/** The output schema of a use case under this policy. */
export function outputOf({ output }: Pick<AnyUseCase, 'output'>, policy: Policy): v.GenericSchema {
  return typeof output === 'function' ? output(policy) : output;
}

/** The codes that refuse a caller who does not prove to be a member. */
export const memberRefusals = [
  'not_authenticated',
  'invalid_token',
  'user_no_longer_exists',
  'account_deactivated',
] as const;

/**
 * Every code that a use case may refuse with: those that it declares, and those that follow from its caller and its
 * input.
 */
export function refusalsOf({
  caller,
  errors,
  restrictedTo,
}: Pick<AnyUseCase, 'caller' | 'errors' | 'restrictedTo'>): ReadonlySet<ErrorCode> {
  const ofCaller: ErrorCode[] = [...memberRefusals];
  if (restrictedTo) ofCaller.push('admin_required', 'role_required', 'system_required');
  if (caller === 'admin' || caller === 'operator') ofCaller.push('admin_required');
  if (caller === 'system') ofCaller.push('system_required');
  if (typeof caller === 'object') ofCaller.push('role_required');
  return new Set([...errors, ...ofCaller, 'validation_failed', 'unavailable']);
}

/**
 * The current state of the caller, if they may call. A member's state is read at this moment, whatever their object
 * says.
 *
 * @throws SallyportError `not_authenticated` | `invalid_token` | `user_no_longer_exists` | `account_deactivated` |
 *   `admin_required` | `role_required` | `system_required` | `unavailable`
 */
async function identifyCaller(
  needs: Authenticating,
  callers: GenuineCallers,
  who: Who,
  caller: unknown,
): Promise<Anyone> {
  if (typeof caller !== 'object' || caller === null) throw new SallyportError('not_authenticated');
  if (caller === callers.system) {
    if (who === 'operator' || who === 'system' || who === 'anyone') return callers.system;
    throw new SallyportError('not_authenticated');
  }
  const identity = callers.identityOf(caller);
  const origin = identity ? identity.origin : originOfUnknown(caller);
  if (!origin) throw new SallyportError('not_authenticated');
  if (who === 'system') throw new SallyportError('system_required');
  if (!identity) {
    if (who === 'anyone') return origin;
    throw new SallyportError('not_authenticated');
  }
  const member = await readMember(needs, identity);
  refuseOtherRoles(who, member);
  return member;
}
