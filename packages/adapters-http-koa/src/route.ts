import {
  type Admin,
  type Anyone,
  type Application,
  defaultLimits,
  type Member,
  type SallyportErrorCode,
  useCases,
} from '@sallyport/core';
import type * as v from 'valibot';
import type { InputSchema } from './wire.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Who may call a route. */
export type Who = 'anyone' | 'member' | 'admin';

/** One route: all that the router and the OpenAPI document know of it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/posts/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly who: Who;
  readonly input: InputSchema;
  readonly output: v.GenericSchema;
  readonly status: 200 | 201 | 202 | 204;
  /** The refusals of its own; those that follow from `who` and `input` are added by rule. */
  readonly errors: readonly SallyportErrorCode[];
  /** An OAuth endpoint takes a form and answers errors as RFC 6749 says; one for anyone takes no bearer token. */
  readonly style: 'api' | 'oauth';
  run(application: Application, caller: Anyone, input: Record<string, unknown>): Promise<unknown>;
}

type UseCases = typeof useCases;

/** The use cases that a route can be made of: those that say what goes in and what comes out. */
type RoutableName = {
  [Name in keyof UseCases]: UseCases[Name] extends { readonly input: InputSchema; readonly output: v.GenericSchema }
    ? Name
    : never;
}[keyof UseCases];

type CallerOf<Name extends RoutableName> = Parameters<Application[Name]['execute']>[0];

/** Who can be let in: a use case for members does not compile behind a route for anyone. */
type WhoFor<Name extends RoutableName> =
  Anyone extends CallerOf<Name>
    ? Who
    : Member extends CallerOf<Name>
      ? 'member' | 'admin'
      : Admin extends CallerOf<Name>
        ? 'admin'
        : never;

interface Declaration<Name extends RoutableName> {
  readonly who: WhoFor<Name>;
  readonly summary: string;
  readonly status?: Route['status'];
  readonly errors?: readonly SallyportErrorCode[];
}

/** Declares the route by which HTTP reaches a use case, as `route('GET /users/me', 'getProfile', …)`. */
export function route<const Name extends RoutableName>(
  methodAndPath: `${Method} /${string}`,
  useCase: Name,
  { who, summary, status = 200, errors = [] }: Declaration<Name>,
): Route {
  const [method, path] = methodAndPath.split(' ') as [Method, string];
  const { input, output } = useCases[useCase];
  return {
    method,
    path,
    summary,
    who,
    input,
    output,
    status,
    errors: useCase in defaultLimits ? [...errors, 'rate_limited'] : errors,
    style: 'api',
    // The router has checked `who`, and `execute` parses its input itself.
    run: (application, caller, wireInput) => application[useCase].execute(caller as never, wireInput as never),
  };
}

/** Whether a route's answer has no body. */
export function answersNothing({ output }: Pick<Route, 'output'>): boolean {
  return output.type === 'void';
}

/** The names in braces of a route's path. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

/** Whether a route reads a request body. */
export function hasBody({ method, path, input }: Pick<Route, 'method' | 'path' | 'input'>): boolean {
  const inBody = Object.keys(input.entries).length > pathParameters(path).length;
  return inBody && (method === 'POST' || method === 'PATCH');
}

/** Whether a bearer token is looked at: where OAuth lets anyone call, the form alone says for whom. */
export function takesBearer({ style, who }: Pick<Route, 'style' | 'who'>): boolean {
  return style === 'api' || who !== 'anyone';
}

/** The schema of a page's items, if the route answers a page. */
export function pageItem(output: v.GenericSchema): v.GenericSchema | undefined {
  const { entries } = output as { entries?: Record<string, v.GenericSchema & { item?: v.GenericSchema }> };
  return entries?.['items']?.item;
}
