import { type Application, type Member, requireAdmin, type Roles, SallyportError } from '@sallyport/core';
import { bearerToken, originOf, type Sender } from './callers/bearer.ts';
import { refuseRepeatedHeaders } from './headers/hostile-headers.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';
import { answerError, type ErrorAnswers } from './problems/answer.ts';

/** What a guard returns: the genuine member, or the answer to a caller who is not admitted. */
export type Guarded = { readonly member: Member } | { readonly refusal: ApiResponse };

/** The members that a guard admits. */
export type GuardedBy = 'member' | 'admin' | Roles;

/** Admits callers to the routes of the host. */
export interface Guard {
  /**
   * Authenticates the bearer token, reads session and user as they are now, and checks the role. Never rejects: members
   * that are misspelt are a failure of the server, answered by 500.
   */
  (request: Sender & Pick<ApiRequest, 'rawHeaders'>, who: GuardedBy): Promise<Guarded>;

  /**
   * Checks the members that a route of the host is to admit, before the first request.
   *
   * @throws Error when they are misspelt, or have a role that the application does not declare
   */
  readonly refuseUnknown: (who: GuardedBy) => void;
}

/** The guard of an application. */
export function guardOf(application: Application, answers: ErrorAnswers): Guard {
  const refuseUnknown = (who: GuardedBy) => refuseUndeclared(who, application.policy.roles);
  const guard = async (request: Parameters<Guard>[0], who: GuardedBy): Promise<Guarded> => {
    try {
      refuseUnknown(who);
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
  return Object.assign(guard, { refuseUnknown });
}

/** A host without a compiler may have misspelt what it passes. */
function refuseUndeclared(who: GuardedBy, declared: readonly string[]): void {
  if (who === 'member' || who === 'admin') return;
  const named: unknown = typeof who === 'object' ? (who as Partial<Roles> | null)?.roles : undefined;
  if (!Array.isArray(named) || named.length === 0) throw new Error('A guard admits member, admin or roles(…)');
  const unknown: unknown = named.find((role: string) => !declared.includes(role));
  if (unknown === undefined) return;
  throw new Error(`A guard admits the role ${JSON.stringify(unknown)}. The application has ${declared.join(', ')}`);
}

/** @throws SallyportError `admin_required` | `role_required` */
function refuseOthers(who: GuardedBy, member: Member): void {
  if (who === 'admin') requireAdmin(member);
  else if (who !== 'member' && !who.roles.includes(member.user.role)) throw new SallyportError('role_required');
}
