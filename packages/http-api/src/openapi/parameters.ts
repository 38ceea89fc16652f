import { hasBody, pathParameters, type Route } from '../routes/route.ts';
import { toWireName } from '../wire/names.ts';
import { spreadProfile } from './profile-schema.ts';
import { capitalized, type NamedSchemas, viewName } from './schemas.ts';

/** A parameter of a path or a query. */
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string | undefined;
  readonly schema: object;
}

/** The parameters of routes: those that recur are components. */
export interface SharedParameters {
  readonly components: Readonly<Record<string, Parameter>>;
  of(route: Route): readonly object[];
}

/**
 * Makes a component of each parameter that recurs, under its own name. If another one of that name recurs, such as the
 * `after` of a list whose ids are strings, its component is also named for what the list shows.
 */
export function sharedParameters(routes: readonly Route[], schemas: NamedSchemas): SharedParameters {
  const all = routes.flatMap((route) => parametersOf(route, schemas).map((parameter) => ({ route, parameter })));
  const components: Record<string, Parameter> = {};
  const nameOf = new Map<string, string>();
  for (const { route, parameter } of all) {
    const text = JSON.stringify(parameter);
    const recurs = all.filter((other) => JSON.stringify(other.parameter) === text).length > 1;
    if (!recurs || nameOf.has(text)) continue;
    const plain = parameter.name.split('_').map(capitalized).join('');
    const name = plain in components ? `${viewName(route)}${plain}` : plain;
    components[name] = parameter;
    nameOf.set(text, name);
  }
  return {
    components,
    of: (route) =>
      parametersOf(route, schemas).map((parameter) => {
        const name = nameOf.get(JSON.stringify(parameter));
        return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
      }),
  };
}

function parametersOf(route: Route, schemas: NamedSchemas): readonly Parameter[] {
  const inPath = pathParameters(route.path);
  const all = Object.entries(spreadProfile(route.input.entries)).map(([name, field]): Parameter => {
    const wireName = toWireName(name);
    const { description, ...schema } = schemas.parameterOf(field);
    return inPath.includes(wireName)
      ? { name: wireName, in: 'path', required: true, description: description ?? 'The record to act on.', schema }
      : { name: wireName, in: 'query', required: !('wrapped' in field), description, schema };
  });
  return hasBody(route) ? all.filter((parameter) => parameter.in === 'path') : all;
}
