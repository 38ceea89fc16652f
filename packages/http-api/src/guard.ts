import { type Application, type Member, requireAdmin, type Roles, roles, SallyportError } from '@sallyport/core';
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
   * @returns the same members, which cannot be changed later
   * @throws Error when they are misspelt, or have a role that the application does not declare
   */
  readonly readMembers: (who: GuardedBy) => GuardedBy;
}

/** The guard of an application. */
export function guardOf(application: Application, answers: ErrorAnswers): Guard {
  const readMembers = (who: GuardedBy) => declaredMembers(who, application.policy.roles);
  const guard = async (request: Parameters<Guard>[0], who: GuardedBy): Promise<Guarded> => {
    try {
      const members = readMembers(who);
      if (request.rawHeaders) refuseRepeatedHeaders(request.rawHeaders);
      const accessToken = bearerToken(request.header('authorization'));
      if (accessToken === undefined) throw new SallyportError('not_authenticated');
      const member = await application.authenticate.execute(originOf(request), { accessToken });
      refuseOthers(members, member);
      return { member };
    } catch (error) {
      return { refusal: answerError(error, request.requestId, answers) };
    }
  };
  return Object.assign(guard, { readMembers });
}

/** A host without a compiler may have misspelt what it passes. */
function declaredMembers(who: GuardedBy, declared: readonly string[]): GuardedBy {
  if (who === 'member' || who === 'admin') return who;
  const named: unknown = typeof who === 'object' ? (who as Partial<Roles> | null)?.roles : undefined;
  const [first, ...others] = Array.isArray(named) ? (named as string[]) : [];
  if (first === undefined) throw new Error('A guard admits member, admin or roles(…)');
  const unknown = [first, ...others].find((role) => !declared.includes(role));
  if (unknown === undefined) return roles(first, ...others);
  throw new Error(`A guard admits the role ${JSON.stringify(unknown)}. The application has ${declared.join(', ')}`);
}

/** @throws SallyportError `admin_required` | `role_required` */
function refuseOthers(who: GuardedBy, member: Member): void {
  if (who === 'admin') requireAdmin(member);
  else if (who !== 'member' && !who.roles.includes(member.user.role)) throw new SallyportError('role_required');
}
