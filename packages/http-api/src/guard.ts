import { type Application, type Member, requireAdmin, type Roles, SallyportError } from '@sallyport/core';
import { bearerToken, originOf, type Sender } from './callers/bearer.ts';
import { refuseRepeatedHeaders } from './headers/hostile-headers.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';
import { answerError, type ErrorAnswers } from './problems/answer.ts';

/** What a guard returns: the genuine member, or the answer to a caller who is not admitted. */
export type Guarded = { readonly member: Member } | { readonly refusal: ApiResponse };

/** The members that a guard admits. */
export type GuardedBy = 'member' | 'admin' | Roles;

/**
 * Admits a caller to a route of the host: authenticates the bearer token, reads session and user as they are now, and
 * checks the role. Never rejects.
 */
export type Guard = (request: Sender & Pick<ApiRequest, 'rawHeaders'>, who: GuardedBy) => Promise<Guarded>;

/** The guard of an application. */
export function guardOf(application: Application, answers: ErrorAnswers): Guard {
  return async (request, who) => {
    try {
      if (request.rawHeaders) refuseRepeatedHeaders(request.rawHeaders);
      const accessToken = bearerToken(request.header('authorization'));
      if (accessToken === undefined) throw new SallyportError('not_authenticated');
      const member = await application.authenticate.execute(originOf(request), { accessToken });
      refuseOthers(who, member);
      return { member };
    } catch (error) {
      return { refusal: answerError(error, request.requestId, answers) };
    }
  };
}

/** @throws SallyportError `admin_required` | `role_required` */
function refuseOthers(who: GuardedBy, member: Member): void {
  if (who === 'admin') requireAdmin(member);
  else if (who !== 'member' && !who.roles.includes(member.user.role)) throw new SallyportError('role_required');
}
