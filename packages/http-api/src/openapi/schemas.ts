import { type InputSchema, type Policy, UserView } from '@sallyport/core';
import type { JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { answersNothing, hasBody, pageItem, pathParameters, type Route } from '../routes/route.ts';
import { spreadField, toWireName } from '../wire/names.ts';
import { withExample } from './example.ts';
import { wireJsonSchema } from './json-schema.ts';
import { spreadProfile, userSchema } from './profile-schema.ts';

/** A reference to a component. */
export interface Reference {
  readonly $ref: string;
}

/**
 * The schemas of a document that have names. A view is named by its title, or else for its operation (`…Result`); a
 * list for its items (`…List`); a request for its operation (`…Request`). An object or an enumeration inside another
 * schema is a component, too, if its title is the name of a type. Generators of clients have their own meaning for names that end in `Response`, `Data`, `Error`, `Body`
 * and `Params`.
 */
export class NamedSchemas {
  readonly #named: Record<string, JsonSchema> = {};
  readonly #withProfile: (view: v.GenericSchema) => v.GenericSchema;

  constructor(policy: Policy) {
    this.#withProfile = profileWriter(policy);
  }

  /** The body that a route reads, if it reads one. */
  requestOf(route: Route): Reference | undefined {
    return hasBody(route) ? this.#add(`${capitalized(route.operationId)}Request`, bodySchema(route)) : undefined;
  }

  /** The body that a route answers with, if it has one. */
  responseOf(route: Route): Reference | undefined {
    if (answersNothing(route)) return undefined;
    const view = shownView(route.output);
    const items = this.#add(viewName(route), this.#withProfile(view));
    if (view === route.output) return items;
    const name = `${viewName(route)}List`;
    this.#named[name] = { type: 'array', items };
    return reference(name);
  }

  /** The schema of a parameter. */
  parameterOf(field: v.GenericSchema): JsonSchema {
    return this.#extractTitled(wireJsonSchema(field));
  }

  /** Every schema that was named, with an example where it can be made. */
  components(): Readonly<Record<string, JsonSchema>> {
    const all = Object.entries(this.#named);
    return Object.fromEntries(all.map(([name, schema]) => [name, withExample(schema, this.#named)]));
  }

  #add(name: string, schema: v.GenericSchema): Reference {
    const { title: _, ...plain } = wireJsonSchema(schema);
    return this.#name(name, this.#extractParts(plain));
  }

  #name(name: string, schema: JsonSchema): Reference {
    const other = (this.#named[name] ??= schema);
    if (JSON.stringify(other) !== JSON.stringify(schema)) throw new Error(`Two schemas have the name ${name}`);
    return reference(name);
  }

  /** The schema, or a reference to it if it has a title. What says how it is used here stays beside the reference. */
  #extractTitled(schema: JsonSchema): JsonSchema {
    const { title, description, default: absent, ...rest } = schema;
    if (title === undefined || !isName(title) || !(rest.enum ?? rest.properties)) return this.#extractParts(schema);
    return {
      ...(description !== undefined && { description }),
      ...(absent !== undefined && { default: absent }),
      ...this.#name(title, this.#extractParts(rest)),
    };
  }

  #extractParts(schema: JsonSchema): JsonSchema {
    const { properties, items, anyOf } = schema;
    const extract = (part: JsonSchema | boolean) => (typeof part === 'boolean' ? part : this.#extractTitled(part));
    return {
      ...schema,
      ...(properties && {
        properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, extract(part)])),
      }),
      ...(items !== undefined && !Array.isArray(items) && { items: extract(items) }),
      ...(anyOf && { anyOf: anyOf.map(extract) }),
    };
  }
}

/** Whether a title is the name of a type. Others are labels for people. */
const isName = (title: string) => /^[A-Z][A-Za-z0-9]*$/.test(title);

/** A reference to a schema by its name. */
export function reference(name: string): Reference {
  return { $ref: `#/components/schemas/${name}` };
}

/** The name of what a route shows. */
export function viewName({ output, operationId }: Route): string {
  return v.getTitle(shownView(output)) ?? `${capitalized(operationId)}Result`;
}

export const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The schema of what an output shows, or of one of several. */
function shownView(output: v.GenericSchema): v.GenericSchema {
  const { item } = output as { readonly item?: v.GenericSchema };
  return pageItem(output) ?? item ?? output;
}

/** The fields of a route's body: those of its input that are not in its path. */
function bodySchema({ input, path }: Route): InputSchema {
  const inPath = pathParameters(path);
  const entries = Object.entries(spreadProfile(input.entries)).filter(([name]) => !inPath.includes(toWireName(name)));
  return { ...input, entries: Object.fromEntries(entries) };
}

/** A function that returns a view with the fields of the host's profile beside the others. */
function profileWriter(policy: Policy): (view: v.GenericSchema) => v.GenericSchema {
  const user = userSchema(policy);
  return function write(view): v.GenericSchema {
    if (view === UserView) return user;
    const { entries } = view as { readonly entries?: v.ObjectEntries };
    if (!entries) return view;
    const shown = Object.entries(entries).map(([name, entry]) => [
      name,
      name === spreadField ? entry : write(entry as v.GenericSchema),
    ]);
    const schema = v.object(spreadProfile(Object.fromEntries(shown) as v.ObjectEntries));
    const title = v.getTitle(view);
    return title === undefined ? schema : v.pipe(schema, v.title(title));
  };
}
