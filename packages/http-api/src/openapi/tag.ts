import type { HttpModule } from '../routes/module.ts';
import { coreTags } from '../routes/core-routes.ts';
import type { Route } from '../routes/route.ts';

/** The tag of a route: the first segment of its path. */
export function tagOf({ path }: Pick<Route, 'path'>): string {
  return path.split('/')[1] ?? '';
}

/** The tags of these routes, each with what it is about. */
export function tagsOf(routes: readonly Route[], modules: readonly HttpModule[]): readonly object[] {
  const described = Object.assign({}, ...modules.map(({ tags }) => tags), coreTags) as Record<string, string>;
  return [...new Set(routes.map(tagOf))].map((name) => ({
    name,
    description: described[name] ?? `Routes under /${name}.`,
  }));
}
