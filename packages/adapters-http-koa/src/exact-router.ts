import Router from '@koa/router';
import type { State } from './context.ts';

/**
 * A router to which each path has one spelling, and one that stands in the table as it is means nothing
 * else: `/posts/my` is no `/posts/{id}` in any method, nor does its `Allow` promise what that one can.
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
