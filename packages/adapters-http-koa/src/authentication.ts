import { type Anyone, type Application, isSallyportError, memberRefusals, SallyportError } from '@sallyport/core';
import type { BlockList } from 'node:net';
import type { Context, Middleware } from './context.ts';
import { clientAddress } from './client-address.ts';
import { peerOf } from './peer.ts';

/**
 * Whether a route reads the bearer token of a request (RFC 6750, section 2.1). Where it is optional, a request whose
 * token does not authenticate a member is served as one without a token. Where it is ignored, a client that attaches
 * an expired token to every request can still log in and refresh.
 */
export type BearerRule = 'required' | 'optional' | 'ignored';

/** Where a request came from, as the core needs it. */
export function originOf(ctx: Context, proxies: BlockList): Anyone {
  return {
    ip: clientAddress(peerOf(ctx.req.socket)?.address, ctx.get('X-Forwarded-For'), proxies),
    userAgent: ctx.get('User-Agent') || undefined,
    requestId: ctx.state.requestId,
  };
}

/**
 * Checks the signature of the token before the body is read. Session and user are read after the body has arrived, when
 * the use case is called, so that a slow body cannot outlast a logout.
 */
export function verifyBearer(application: Application, rule: BearerRule): Middleware {
  return async (ctx, next) => {
    const origin: Anyone = ctx.state.caller;
    try {
      const accessToken = bearerToken(ctx.get('Authorization'));
      if (accessToken !== undefined) {
        ctx.state.caller = await application.verifyAccessToken.execute(origin, { accessToken });
      } else if (rule === 'required') throw new SallyportError('not_authenticated');
    } catch (error) {
      if (rule === 'required' || !isRefusedBearer(error)) throw error;
    }
    await next();
  };
}

/** Whether an error means that the bearer token does not authenticate a member. */
export function isRefusedBearer(error: unknown): boolean {
  return isSallyportError(error) && (memberRefusals as readonly string[]).includes(error.code);
}

/**
 * The token of an Authorization header, if its scheme is Bearer.
 *
 * @throws SallyportError `invalid_token` when the scheme is Bearer and no token follows
 */
function bearerToken(header: string): string | undefined {
  if (!/^bearer(\s|$)/i.test(header)) return undefined;
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new SallyportError('invalid_token');
  return token;
}
