import Router from '@koa/router';
import type { State } from './context.ts';

/**
 * A router in which each path has one spelling. A literal path takes precedence over a pattern: `/posts/my` never
 * matches `/posts/{id}`, whatever the method, and its `Allow` does not list the methods of that pattern.
 */
export function exactRouter(): Router<State> {
  const router = new Router<State>({ sensitive: true, strict: true, exclusive: true });
  const match = router.match.bind(router);
  router.match = (path, method) => {
    const matched = match(path, method);
    const exact = matched.path.filter((layer) => layer.path === path);
    if (exact.length === 0) return matched;
    const pathAndMethod = matched.pathAndMethod.filter((layer) => exact.includes(layer));
    return { path: exact, pathAndMethod, route: pathAndMethod.length > 0 };
  };
  return router;
}
