import {
  type AnyUseCase,
  type InputSchema,
  type Application,
  type Caller,
  type SallyportErrorCode,
  useCases,
  type Who,
} from '@sallyport/core';
import type * as v from 'valibot';
import type { BearerRule } from './authentication.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type WireFields = Record<string, unknown>;

/** A route whose input may depend on the host's policy. */
export interface RouteDeclaration extends Omit<Route, 'input'> {
  readonly input: AnyUseCase['input'];
}

/** One route, as the router and the OpenAPI document need it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/posts/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** The callers that its use case accepts. */
  readonly who: Who;
  readonly bearer: BearerRule;
  readonly input: InputSchema;
  readonly output: v.GenericSchema;
  readonly status: 200 | 201 | 202 | 204;
  /** The refusals that its use case declares. Those that follow from `who` and `input` are added by rule. */
  readonly errors: readonly SallyportErrorCode[];
  /** An OAuth endpoint takes a form and answers errors as RFC 6749 says. */
  readonly style: 'api' | 'oauth';
  /** Calls the use case. The input is read once the caller is known. */
  run(application: Application, caller: Caller, inputOf: () => WireFields | Promise<WireFields>): Promise<unknown>;
}

type UseCases = typeof useCases;

/** The use cases that a route can call: those for callers who come by HTTP. */
type RoutableName = {
  [Name in keyof UseCases]: UseCases[Name]['caller'] extends 'system' ? never : Name;
}[keyof UseCases];

interface Declaration<Name extends RoutableName> {
  readonly summary: string;
  readonly status?: Route['status'];
  /** Only for a route for anyone, which ignores tokens by default. */
  readonly bearer?: UseCases[Name]['caller'] extends 'anyone' ? 'optional' : never;
}

/** Declares the route of a use case, as in `route('GET /users/me', 'getProfile', …)`. */
export function route<const Name extends RoutableName>(
  methodAndPath: `${Method} /${string}`,
  useCase: Name,
  { summary, status = 200, bearer }: Declaration<Name>,
): RouteDeclaration {
  const [method, path] = methodAndPath.split(' ') as [Method, string];
  const { caller: who, input, output, errors }: AnyUseCase = useCases[useCase];
  return {
    method,
    path,
    summary,
    who,
    bearer: who === 'anyone' ? (bearer ?? 'ignored') : 'required',
    input,
    output,
    status,
    errors,
    style: 'api',
    run: (application, caller, inputOf) => application[useCase].attempt(caller, inputOf),
  };
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
