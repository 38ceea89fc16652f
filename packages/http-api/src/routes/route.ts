import {
  type AnyUseCase,
  type Application,
  type Caller,
  type InputSchema,
  inputOf,
  outputOf,
  type Policy,
  type ErrorCode,
  type UseCaseTable,
  type Who,
} from '@sallyport/core';
import type * as v from 'valibot';
import type { BearerRule } from '../callers/bearer.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type WireFields = Record<string, unknown>;

/** A route whose input and output may depend on the host's policy. */
export interface RouteDeclaration extends Omit<Route, 'input' | 'output'> {
  readonly input: AnyUseCase['input'];
  readonly output: AnyUseCase['output'];
}

/** One route, as the router and the OpenAPI document need it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/users/{id}`. */
  readonly path: string;
  /** The name of its use case. No other route has it: generated clients name their methods by it. */
  readonly operationId: string;
  readonly summary: string;
  /** What a caller should know besides, in sentences. */
  readonly description?: string | undefined;
  /** The callers that its use case accepts. */
  readonly who: Who;
  readonly bearer: BearerRule;
  readonly input: InputSchema;
  readonly output: v.GenericSchema;
  readonly status: 200 | 201 | 202 | 204;
  /** The refusals that its use case declares. Those that follow from `who` and `input` are added by rule. */
  readonly errors: readonly ErrorCode[];
  /** An OAuth endpoint takes a form and answers errors as RFC 6749 says. */
  readonly style: 'api' | 'oauth';
  /** Calls the use case. The input is read once the caller is known. */
  run(application: Application, caller: Caller, inputOf: () => WireFields | Promise<WireFields>): Promise<unknown>;
}

/** What a route adds to its use case. */
export interface RouteOptions<Bearer = 'optional'> {
  readonly summary: string;
  readonly description?: string;
  /** The name of the operation in the OpenAPI document, if not the name of the use case. */
  readonly operationId?: string;
  readonly status?: Route['status'];
  /** Only for a route for anyone, which ignores tokens by default. */
  readonly bearer?: Bearer;
}

/** The options of a route of this use case: one for members has no anonymous readers. */
export type OptionsFor<Declared extends AnyUseCase> = RouteOptions<
  Declared['caller'] extends 'anyone' ? 'optional' : never
>;

/** A use case for the system has no route. */
type NotForSystem<Declared extends AnyUseCase> = Declared['caller'] extends 'system' ? never : unknown;

type OutputOf<Declared extends AnyUseCase> = Declared['output'] extends infer Output
  ? Output extends v.GenericSchema
    ? v.InferOutput<Output>
    : never
  : never;

/** A use case as the application has built it. */
interface Attempted<Output> {
  attempt(caller: unknown, input?: unknown): Promise<Output>;
}

/**
 * Declares the route of a use case, as in `route('GET /users/me', getProfile, (application) => application.getProfile,
 * { operationId: 'getProfile', … })`. Who may call, the input, the output and the errors come from the declaration of
 * the use case.
 *
 * @param find returns the use case as the application has built it
 */
export function route<const Declared extends AnyUseCase>(
  methodAndPath: `${Method} /${string}`,
  declared: Declared & NotForSystem<Declared>,
  find: (application: Application) => Attempted<OutputOf<Declared>>,
  options: OptionsFor<Declared> & { readonly operationId: string },
): RouteDeclaration {
  return declareRoute(methodAndPath, declared, find, options);
}

/** Declares routes of a module's use cases, by their names: `routesOf(comments)('GET /comments', 'listComments', …)`. */
export function routesOf<Cases extends UseCaseTable>(module: { readonly name: string; readonly useCases: Cases }) {
  return <Name extends keyof Cases & string>(
    methodAndPath: `${Method} /${string}`,
    name: Name,
    options: OptionsFor<Cases[Name]>,
  ): RouteDeclaration => {
    const declared = module.useCases[name] as AnyUseCase;
    return declareRoute(
      methodAndPath,
      declared,
      (application) => application.use<UseCaseTable>(module)[name] as never,
      { operationId: name, ...options },
    );
  };
}

/** The same for a use case whose type is not known. */
export function declareRoute(
  methodAndPath: `${Method} /${string}`,
  { caller, input, output, errors }: AnyUseCase,
  find: (application: Application) => Attempted<unknown>,
  { operationId, summary, description, status = 200, bearer }: RouteOptions & { readonly operationId: string },
): RouteDeclaration {
  const [method, path] = methodAndPath.split(' ') as [Method, string];
  // The system does not call over HTTP, so an operator is an admin there.
  const who = caller === 'operator' ? 'admin' : caller;
  return {
    method,
    path,
    operationId,
    summary,
    description,
    who,
    bearer: who === 'anyone' ? (bearer ?? 'ignored') : 'required',
    input,
    output,
    status,
    errors,
    style: 'api',
    run: (application, caller, inputOf) => find(application).attempt(caller, inputOf),
  };
}

/** The route with the input and the output of its use case under this policy. */
export function routeUnder(policy: Policy, declared: RouteDeclaration): Route {
  return { ...declared, input: inputOf(declared, policy), output: outputOf(declared, policy) };
}

/** Whether a route's answer has no body. */
export function answersNothing({ output }: Pick<Route, 'output'>): boolean {
  return output.type === 'void';
}

/** The parameters of a route's path, which are in braces. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

/** Whether a route reads a request body. */
export function hasBody({ method, path, input }: Pick<Route, 'method' | 'path' | 'input'>): boolean {
  const inBody = Object.keys(input.entries).length > pathParameters(path).length;
  return inBody && (method === 'POST' || method === 'PATCH');
}

/** The schema of a page's items, if the route returns a page. */
export function pageItem(output: v.GenericSchema): v.GenericSchema | undefined {
  const { entries } = output as { entries?: Record<string, v.GenericSchema & { item?: v.GenericSchema }> };
  return entries?.['items']?.item;
}
