import { type Anyone, isSallyportError, memberRefusals, SallyportError } from '@sallyport/core';
import type { ApiRequest } from '../messages.ts';
import { preferredLanguages } from './languages.ts';

/**
 * Whether a route reads the bearer token of a request (RFC 6750, section 2.1). Where it is optional, a request whose
 * token does not authenticate a member is served as one without a token. Where it is ignored, a client that attaches
 * an expired token to every request can still log in and refresh.
 */
export type BearerRule = 'required' | 'optional' | 'ignored';

/** The parts of a request that tell who sent it. */
export type Sender = Pick<ApiRequest, 'header' | 'clientAddress' | 'requestId'>;

/** Where a request came from, as the core needs it. */
export function originOf({ header, clientAddress, requestId }: Sender): Anyone {
  return {
    ip: clientAddress,
    userAgent: header('user-agent') || undefined,
    locales: preferredLanguages(header('accept-language')),
    requestId,
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
export function bearerToken(header = ''): string | undefined {
  if (!/^bearer(\s|$)/i.test(header)) return undefined;
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new SallyportError('invalid_token');
  return token;
}
