import type { Member } from '@sallyport/core';
import type { ApiResponse, GuardedBy, HttpApi, Served } from '@sallyport/http-api';
import { mountedRequests, nodeGuard, type NodeMount, type NodeOrigin } from '@sallyport/http-api/node';
import type Koa from 'koa';

/** What Koa knows of a request, with the body that a parser of the host may have left. */
type HostContext = Koa.ParameterizedContext & { readonly request: { readonly body?: unknown } };

/**
 * Mounts the API as middleware of any Koa app, under any path: by koa-mount, or with `mountPath`. It answers the
 * requests of the API and passes all others on. The connection of a client without an address is closed.
 */
export function koaApi(api: Served, mount: NodeMount = {}): Koa.Middleware {
  const read = mountedRequests(api, mount);
  return async (ctx, next) => {
    const mounted = read(ctx.req, (ctx as HostContext).request.body);
    if (mounted === 'elsewhere') await next();
    else if (mounted === 'no address') hangUp(ctx);
    else respond(ctx, await api.answer(mounted));
  };
}

/**
 * Middleware that passes on the requests of these members, as `ctx.state.member`, and refuses all others.
 *
 * @throws Error when the members are misspelt, or have a role that the application does not declare
 */
export function koaGuard(
  api: Pick<HttpApi, 'guard'>,
  origin: NodeOrigin = {},
): (who: GuardedBy) => Koa.Middleware<{ member: Member }> {
  const guard = nodeGuard(api, origin);
  return (who) => {
    const members = api.guard.readMembers(who);
    return async (ctx, next) => {
      const guarded = await guard.admit(ctx.req, members);
      if (!guarded) hangUp(ctx);
      else if ('refusal' in guarded) respond(ctx, guarded.refusal);
      else {
        ctx.state.member = guarded.member;
        await next();
      }
    };
  };
}

/** Hands an answer of the API to Koa, which sends it. */
function respond(ctx: Pick<Koa.Context, 'status' | 'set' | 'body'>, { status, headers, body }: ApiResponse): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, typeof value === 'string' ? value : [...value]);
  // Koa would serialise other arrays of bytes as JSON.
  if (body !== undefined)
    ctx.body = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length);
}

/** Closes the connection of a request that is not served. */
export function hangUp(ctx: Pick<Koa.Context, 'req' | 'respond'>): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}
