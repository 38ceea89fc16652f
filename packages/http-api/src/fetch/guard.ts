import type { Member } from '@sallyport/core';
import type { HttpApi } from '../api.ts';
import type { GuardedBy } from '../guard.ts';
import { refuseOptions } from '../options.ts';
import { toResponse } from './handler.ts';
import { type FetchOrigin, fetchOriginOptions, senderOf } from './origin.ts';

/**
 * Admits a caller to a route of the host: resolves with the genuine member who sent a request, or with the response that
 * refuses it. Use cases for members accept that member.
 */
export type FetchGuard<Context> = (
  request: Request,
  who: GuardedBy,
  ...context: undefined extends Context ? [context?: Context] : [context: Context]
) => Promise<Member | Response>;

/** Guards the routes of a host whose requests are those of the Fetch Standard. It rejects as `fetchHandler` does. */
export function fetchGuard<Context = undefined>(
  api: Pick<HttpApi, 'guard'>,
  origin: FetchOrigin<Context>,
): FetchGuard<Context> {
  refuseOptions(fetchOriginOptions, origin);
  return async (request, who, ...[context]) => {
    const guarded = await api.guard(senderOf(origin, request, context as Context), who);
    return 'refusal' in guarded ? toResponse(guarded.refusal) : guarded.member;
  };
}
