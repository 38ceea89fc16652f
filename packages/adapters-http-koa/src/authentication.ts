import { type Anyone, type Application, requireAdmin, requireMember, SallyportError } from '@sallyport/core';
import type { BlockList } from 'node:net';
import type { Context, Middleware } from './context.ts';
import { clientAddress } from './client-address.ts';
import { peerOf } from './peer.ts';
import type { Who } from './route.ts';

/** From where a request came, as far as the core wants to know. */
export function originOf(ctx: Context, proxies: BlockList): Anyone {
  return {
    ip: clientAddress(peerOf(ctx.req.socket)?.address, ctx.get('X-Forwarded-For'), proxies),
    userAgent: ctx.get('User-Agent') || undefined,
    requestId: ctx.state.requestId,
  };
}

/** Proves who calls by their bearer token (RFC 6750, section 2.1) and lets in whom the route is for. */
export function authenticate(application: Application, who: Who): Middleware {
  return async (ctx, next) => {
    const origin: Anyone = ctx.state.caller;
    const accessToken = bearerToken(ctx.get('Authorization'));
    const caller = accessToken === undefined ? origin : await application.authenticate.execute(origin, { accessToken });
    ctx.state.caller = caller;
    if (who === 'member') requireMember(caller);
    if (who === 'admin') requireAdmin(caller);
    await next();
  };
}

/**
 * The token of an Authorization header, if it is a bearer's.
 *
 * @throws SallyportError `invalid_token` when the scheme is Bearer and what follows is no token
 */
function bearerToken(header: string): string | undefined {
  if (!/^bearer(\s|$)/i.test(header)) return undefined;
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new SallyportError('invalid_token');
  return token;
}
