import { activateUser } from './administration/activate-user.ts';
import { bootstrapAdmin } from './administration/bootstrap-admin.ts';
import { changeRole } from './administration/change-role.ts';
import { deactivateUser } from './administration/deactivate-user.ts';
import { createUser } from './administration/create-user.ts';
import { correctUser } from './administration/correct-user.ts';
import { inviteUser } from './administration/invite-user.ts';
import { listUserSessions } from './administration/list-user-sessions.ts';
import { purgeClosedAccounts } from './administration/purge-closed-accounts.ts';
import { deleteUser } from './administration/delete-user.ts';
import { endUserSessions } from './administration/end-user-sessions.ts';
import { getAnyUser } from './administration/get-any-user.ts';
import { listAudit } from './administration/list-audit.ts';
import { purgeExpired } from './administration/purge-expired.ts';
import { searchUsers } from './administration/search-users.ts';
import { sendPasswordReset } from './administration/send-password-reset.ts';
import { Events, publishing } from './events/events.ts';
import { changePassword } from './identity/change-password.ts';
import { deactivate } from './identity/deactivate.ts';
import { deleteAccount } from './identity/delete-account.ts';
import { getProfile } from './identity/get-profile.ts';
import { getUser } from './identity/get-user.ts';
import { listUsers } from './identity/list-users.ts';
import { login } from './sign-in/login.ts';
import { register } from './identity/register.ts';
import { updateProfile } from './identity/update-profile.ts';
import type { System } from './model/caller.ts';
import { GenuineCallers } from './model/genuine-callers.ts';
import { type Policy, type PolicyOptions, policyOf } from './model/policy.ts';
import type { Ports } from './ports/ports.ts';
import { createPost } from './posts/create-post.ts';
import { deletePost } from './posts/delete-post.ts';
import { getPost } from './posts/get-post.ts';
import { listMyPosts, listPosts } from './posts/list-posts.ts';
import { updatePost } from './posts/update-post.ts';
import { changeEmail } from './recovery/change-email.ts';
import { forgotPassword } from './recovery/forgot-password.ts';
import { resetPassword } from './recovery/reset-password.ts';
import { sendMails } from './mails/send-mails.ts';
import { resendVerification } from './recovery/resend-verification.ts';
import { verifyEmail } from './recovery/verify-email.ts';
import { authenticate, verifyAccessToken } from './sessions/authenticate.ts';
import { introspect } from './sessions/introspect.ts';
import { logout } from './sessions/logout.ts';
import { endAllSessions, endSession, listSessions } from './sessions/own-sessions.ts';
import { refresh } from './sessions/refresh.ts';
import { revoke } from './sessions/revoke.ts';
import { getKeySet, listKeys, maintainKeys, rotateKeys } from './keys/signing-keys.ts';
import { type AnyUseCase, build, type Built } from './use-case.ts';

/** Every use case there is: what the application can do. */
export const useCases = {
  register,
  login,
  verifyAccessToken,
  authenticate,
  refresh,
  logout,
  listSessions,
  endSession,
  endAllSessions,
  introspect,
  revoke,
  getKeySet,

  forgotPassword,
  resetPassword,
  verifyEmail,
  resendVerification,
  changeEmail,

  getProfile,
  updateProfile,
  changePassword,
  deactivate,
  deleteAccount,
  listUsers,
  getUser,

  searchUsers,
  createUser,
  correctUser,
  inviteUser,
  getAnyUser,
  deleteUser,
  activateUser,
  deactivateUser,
  changeRole,
  listUserSessions,
  endUserSessions,
  sendPasswordReset,
  listAudit,

  bootstrapAdmin,
  sendMails,
  purgeExpired,
  purgeClosedAccounts,
  listKeys,
  rotateKeys,
  maintainKeys,

  createPost,
  listPosts,
  listMyPosts,
  getPost,
  updatePost,
  deletePost,
} as const satisfies Record<string, AnyUseCase>;

/** The name of a use case in the table. */
export type UseCaseName = keyof typeof useCases;

/** The use cases, ready to be called. */
export type UseCases = { readonly [Name in UseCaseName]: Built<(typeof useCases)[Name]> };

/** The application: its use cases, their events and its policy. */
export type Application = UseCases & {
  readonly events: Events;
  /** The defaults, with the options that the host chose. */
  readonly policy: Policy;
};

/** An application, and the system caller for its host. */
export interface CreatedApplication {
  /** For adapters. Every use case checks whether its caller may call it. */
  readonly application: Application;
  /** For workers and the command line. Never hand it to an adapter that serves requests. */
  readonly system: System;
}

/** Builds every use case on these ports. Options of the policy that are absent or `undefined` keep their defaults. */
export function createApplication(ports: Ports, options?: PolicyOptions): CreatedApplication {
  const events = new Events();
  const callers = new GenuineCallers();
  const announcing = { ...ports, unitOfWork: publishing(ports.unitOfWork, events) };
  const surroundings = { policy: policyOf(options), callers };
  const entries = Object.entries(useCases).map(([name, declared]) => [
    name,
    build(name, declared as AnyUseCase, announcing, surroundings),
  ]);
  const { policy } = surroundings;
  return { application: { ...(Object.fromEntries(entries) as UseCases), events, policy }, system: callers.system };
}
