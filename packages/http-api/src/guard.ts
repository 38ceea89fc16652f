import { type Application, type Member, requireAdmin, SallyportError } from '@sallyport/core';
import type { GuardedBy, HttpApi } from './api.ts';
import { bearerToken, originOf } from './callers/bearer.ts';
import { refuseRepeatedHeaders } from './headers/hostile-headers.ts';
import type { ApiResponse } from './messages.ts';
import { answerError, type ErrorAnswers } from './problems/answer.ts';

/** What a guard returns: the genuine member, or the answer to a caller who is not admitted. */
export type Guarded = { readonly member: Member } | { readonly refusal: ApiResponse };

/** The guard of an application. */
export function guardOf(application: Application, answers: ErrorAnswers): HttpApi['guard'] {
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
