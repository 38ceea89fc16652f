import { ActivateUser } from './administration/activate-user.ts';
import { BootstrapAdmin } from './administration/bootstrap-admin.ts';
import { ChangeRole } from './administration/change-role.ts';
import { DeactivateUser } from './administration/deactivate-user.ts';
import { DeleteUser } from './administration/delete-user.ts';
import { EndUserSessions } from './administration/end-user-sessions.ts';
import { ListAudit } from './administration/list-audit.ts';
import { PurgeExpired } from './administration/purge-expired.ts';
import { SearchUsers } from './administration/search-users.ts';
import { SendPasswordReset } from './administration/send-password-reset.ts';
import { Events, publishing } from './events/events.ts';
import { ChangePassword } from './identity/change-password.ts';
import { Deactivate } from './identity/deactivate.ts';
import { DeleteAccount } from './identity/delete-account.ts';
import { GetProfile } from './identity/get-profile.ts';
import { GetUser } from './identity/get-user.ts';
import { ListUsers } from './identity/list-users.ts';
import { Login } from './identity/login.ts';
import { Register } from './identity/register.ts';
import { UpdateProfile } from './identity/update-profile.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import type { Ports } from './ports/ports.ts';
import { CreatePost } from './posts/create-post.ts';
import { DeletePost } from './posts/delete-post.ts';
import { GetPost } from './posts/get-post.ts';
import { ListMyPosts, ListPosts } from './posts/list-posts.ts';
import { UpdatePost } from './posts/update-post.ts';
import { ChangeEmail } from './recovery/change-email.ts';
import { ForgotPassword } from './recovery/forgot-password.ts';
import { ResetPassword } from './recovery/reset-password.ts';
import { SendMails } from './recovery/send-mails.ts';
import { ResendVerification, VerifyEmail } from './recovery/verify-email.ts';
import { Authenticate } from './sessions/authenticate.ts';
import { Introspect } from './sessions/introspect.ts';
import { Logout } from './sessions/logout.ts';
import { EndAllSessions, EndSession, ListSessions } from './sessions/own-sessions.ts';
import { Refresh } from './sessions/refresh.ts';
import { Revoke } from './sessions/revoke.ts';
import { GetKeySet, ListKeys, MaintainKeys, RotateKeys } from './sessions/signing-keys.ts';

/** Every use case there is: what the application can do. */
export const useCases = {
  register: Register,
  login: Login,
  authenticate: Authenticate,
  refresh: Refresh,
  logout: Logout,
  listSessions: ListSessions,
  endSession: EndSession,
  endAllSessions: EndAllSessions,
  introspect: Introspect,
  revoke: Revoke,
  getKeySet: GetKeySet,

  forgotPassword: ForgotPassword,
  resetPassword: ResetPassword,
  verifyEmail: VerifyEmail,
  resendVerification: ResendVerification,
  changeEmail: ChangeEmail,

  getProfile: GetProfile,
  updateProfile: UpdateProfile,
  changePassword: ChangePassword,
  deactivate: Deactivate,
  deleteAccount: DeleteAccount,
  listUsers: ListUsers,
  getUser: GetUser,

  searchUsers: SearchUsers,
  deleteUser: DeleteUser,
  activateUser: ActivateUser,
  deactivateUser: DeactivateUser,
  changeRole: ChangeRole,
  endUserSessions: EndUserSessions,
  sendPasswordReset: SendPasswordReset,
  listAudit: ListAudit,

  bootstrapAdmin: BootstrapAdmin,
  sendMails: SendMails,
  purgeExpired: PurgeExpired,
  listKeys: ListKeys,
  rotateKeys: RotateKeys,
  maintainKeys: MaintainKeys,

  createPost: CreatePost,
  listPosts: ListPosts,
  listMyPosts: ListMyPosts,
  getPost: GetPost,
  updatePost: UpdatePost,
  deletePost: DeletePost,
} as const satisfies Record<string, new (ports: Ports, policy: Policy) => object>;

/** The name of a use case in the table. */
export type UseCaseName = keyof typeof useCases;

/** The use cases: one object each, with one method, `execute`. */
export type UseCases = { readonly [Name in UseCaseName]: InstanceType<(typeof useCases)[Name]> };

/** The application: its use cases, and what happens in it. */
export type Application = UseCases & { readonly events: Events };

/** Builds every use case on these ports; what the policy leaves out is as in `defaultPolicy`. */
export function createApplication(ports: Ports, policy: Partial<Policy> = {}): Application {
  const decided = { ...defaultPolicy, ...policy };
  const events = new Events();
  const announcing = { ...ports, unitOfWork: publishing(ports.unitOfWork, events) };
  const entries = Object.entries(useCases).map(([name, UseCase]) => [name, new UseCase(announcing, decided)]);
  return { ...(Object.fromEntries(entries) as UseCases), events };
}
