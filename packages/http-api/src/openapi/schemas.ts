import { type InputSchema, type Policy, UserView } from '@sallyport/core';
import type { JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { answersNothing, hasBody, pageItem, pathParameters, type Route } from '../routes/route.ts';
import { spreadField, toWireName } from '../wire/names.ts';
import { withExample } from './example.ts';
import { wireJsonSchema, wireJsonSchemas } from './json-schema.ts';
import { spreadProfile, userSchema } from './profile-schema.ts';

/** A reference to a component. */
export interface Reference {
  readonly $ref: string;
}

/** The schemas of bodies, each under a name of its own. */
export interface NamedSchemas {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** The body that a route reads, if it reads one. */
  requestOf(route: Route): Reference | undefined;
  /** The body that a route answers with, if it has one. */
  responseOf(route: Route): Reference | undefined;
}

/**
 * Names the bodies of these routes. A view is named by its title, or else for its operation (`…Result`); a list for its
 * items (`…List`); a request for its operation (`…Request`). Generators of clients have their own meaning for names that
 * end in `Response`, `Data`, `Error`, `Body` and `Params`.
 *
 * @throws Error when two views that differ have the same title
 */
export function namedSchemas(policy: Policy, routes: readonly Route[]): NamedSchemas {
  const withProfile = profileWriter(policy);
  const named: Record<string, v.GenericSchema> = {};
  const lists: Record<string, JsonSchema> = {};

  function add(name: string, schema: v.GenericSchema): void {
    const other = (named[name] ??= schema);
    if (other === schema || isDeepEqual(wireJsonSchema(other), wireJsonSchema(schema))) return;
    throw new Error(`Two schemas have the name ${name}`);
  }

  for (const route of routes) {
    if (hasBody(route)) add(requestName(route), bodySchema(route));
    if (!answersNothing(route)) {
      const name = viewName(route);
      add(name, withProfile(shownView(route.output)));
      if (isList(route)) lists[`${name}List`] = { type: 'array', items: reference(name) };
    }
  }
  const plain = { ...wireJsonSchemas(named), ...lists };
  return {
    schemas: Object.fromEntries(Object.entries(plain).map(([name, schema]) => [name, withExample(schema, plain)])),
    requestOf: (route) => (hasBody(route) ? reference(requestName(route)) : undefined),
    responseOf(route) {
      if (answersNothing(route)) return undefined;
      return reference(isList(route) ? `${viewName(route)}List` : viewName(route));
    },
  };
}

/** A reference to a schema by its name. */
export function reference(name: string): Reference {
  return { $ref: `#/components/schemas/${name}` };
}

/** The name of what a route shows. */
export function viewName({ output, operationId }: Route): string {
  return v.getTitle(shownView(output)) ?? `${capitalized(operationId)}Result`;
}

export const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const requestName = ({ operationId }: Route) => `${capitalized(operationId)}Request`;

/** The schema of what an output shows, or of one of several. */
function shownView(output: v.GenericSchema): v.GenericSchema {
  const { item } = output as { readonly item?: v.GenericSchema };
  return pageItem(output) ?? item ?? output;
}

const isList = ({ output }: Route) => shownView(output) !== output;

/** The fields of a route's body: those of its input that are not in its path. */
function bodySchema({ input, path }: Route): InputSchema {
  const inPath = pathParameters(path);
  const entries = Object.entries(spreadProfile(input.entries)).filter(([name]) => !inPath.includes(toWireName(name)));
  return { ...input, entries: Object.fromEntries(entries) };
}

/** A function that returns a view with the fields of the host's profile, and always the same schema for the same view. */
function profileWriter(policy: Policy): (view: v.GenericSchema) => v.GenericSchema {
  const written = new Map<v.GenericSchema, v.GenericSchema>([[UserView, userSchema(policy)]]);
  return function write(view): v.GenericSchema {
    const known = written.get(view);
    if (known) return known;
    const { entries } = view as { readonly entries?: v.ObjectEntries };
    if (!entries) return view;
    const shown = Object.entries(entries).map(([name, entry]) => [
      name,
      name === spreadField ? entry : write(entry as v.GenericSchema),
    ]);
    const schema = v.object(spreadProfile(Object.fromEntries(shown) as v.ObjectEntries));
    written.set(view, schema);
    return schema;
  };
}

const isDeepEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
