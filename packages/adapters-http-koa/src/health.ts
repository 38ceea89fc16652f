import type Router from '@koa/router';
import { SallyportError } from '@sallyport/core';
import type { State } from './context.ts';

/** Adds the routes that tell whether this process is alive, and whether it can serve. */
export function addHealthRoutes(router: Router<State>, ready: () => Promise<void>, isDraining: () => boolean): void {
  router.get('/health/live', (ctx) => {
    ctx.state.route = ctx.path;
    ctx.body = { status: 'live' };
  });
  router.get('/health/ready', async (ctx) => {
    ctx.state.route = ctx.path;
    if (isDraining()) throw new SallyportError('unavailable');
    await ready();
    ctx.body = { status: 'ready' };
  });
}
