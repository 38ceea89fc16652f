import { ActivateUser } from './administration/activate-user.ts';
import { BootstrapAdmin } from './administration/bootstrap-admin.ts';
import { ChangeRole } from './administration/change-role.ts';
import { DeactivateUser } from './administration/deactivate-user.ts';
import { DeleteUser } from './administration/delete-user.ts';
import { EndUserSessions } from './administration/end-user-sessions.ts';
import { GetAnyUser } from './administration/get-any-user.ts';
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
import { Login } from './sign-in/login.ts';
import { Register } from './identity/register.ts';
import { UpdateProfile } from './identity/update-profile.ts';
import type { System } from './model/caller.ts';
import { GenuineCallers } from './model/genuine-callers.ts';
import { defaultPolicy, type Policy } from './model/policy.ts';
import type { Ports } from './ports/ports.ts';
import { CreatePost } from './posts/create-post.ts';
import { DeletePost } from './posts/delete-post.ts';
import { GetPost } from './posts/get-post.ts';
import { ListMyPosts, ListPosts } from './posts/list-posts.ts';
import { UpdatePost } from './posts/update-post.ts';
import { ChangeEmail } from './recovery/change-email.ts';
import { ForgotPassword } from './recovery/forgot-password.ts';
import { ResetPassword } from './recovery/reset-password.ts';
import { SendMails } from './mails/send-mails.ts';
import { ResendVerification, VerifyEmail } from './recovery/verify-email.ts';
import { Authenticate, VerifyAccessToken } from './sessions/authenticate.ts';
import { Introspect } from './sessions/introspect.ts';
import { Logout } from './sessions/logout.ts';
import { EndAllSessions, EndSession, ListSessions } from './sessions/own-sessions.ts';
import { Refresh } from './sessions/refresh.ts';
import { Revoke } from './sessions/revoke.ts';
import { GetKeySet, ListKeys, MaintainKeys, RotateKeys } from './keys/signing-keys.ts';
import { admitCaller, type CallerFor, type Runnable, type Who } from './use-case.ts';

/** Every use case there is: what the application can do. */
export const useCases = {
  register: Register,
  login: Login,
  verifyAccessToken: VerifyAccessToken,
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
  getAnyUser: GetAnyUser,
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
} as const satisfies Record<string, UseCaseClass>;

/** What stands behind a name of the table. */
interface UseCaseClass {
  /** Who may call it. */
  readonly caller: Who;
  new (
    ports: Ports,
    policy: Policy,
    callers: GenuineCallers,
  ): { execute(caller: never, input: never): Promise<unknown> };
}

/** The name of a use case in the table. */
export type UseCaseName = keyof typeof useCases;

type RunnableOf<Class extends UseCaseClass> = InstanceType<Class>['execute'] extends (
  caller: never,
  ...input: infer Input
) => Promise<infer Output>
  ? Runnable<CallerFor<Class['caller']>, Input, Output>
  : never;

/** The use cases, ready to be called. */
export type UseCases = { readonly [Name in UseCaseName]: RunnableOf<(typeof useCases)[Name]> };

/** The application: its use cases, and what happens in it. */
export type Application = UseCases & { readonly events: Events };

/** An application, and the caller for trusted code of its host. */
export interface Created {
  /** For adapters: what a caller may do, they find out when they call. */
  readonly application: Application;
  /** For workers and the command line. Never hand it to an adapter that serves others. */
  readonly system: System;
}

/** Builds every use case on these ports; what the policy leaves out or gives as `undefined` is as in `defaultPolicy`. */
export function createApplication(ports: Ports, policy: Partial<Policy> = {}): Created {
  const given = Object.entries(policy).filter(([, value]) => value !== undefined);
  const decided: Policy = { ...defaultPolicy, ...Object.fromEntries(given) };
  const events = new Events();
  const callers = new GenuineCallers();
  const announcing = { ...ports, unitOfWork: publishing(ports.unitOfWork, events) };
  const entries = Object.entries(useCases).map(([name, UseCase]) => [
    name,
    guarded(UseCase.caller, new UseCase(announcing, decided, callers), announcing, callers),
  ]);
  return { application: { ...(Object.fromEntries(entries) as UseCases), events }, system: callers.system };
}

const isFunction = (value: unknown): value is () => unknown => typeof value === 'function';

/** A use case that is run for those alone whom it accepts. */
function guarded(
  who: Who,
  useCase: { execute(caller: never, input: never): Promise<unknown> },
  ports: Ports,
  callers: GenuineCallers,
): Runnable<unknown, [unknown], unknown> {
  const run = async (caller: unknown, inputOf: () => unknown) => {
    const admitted = await admitCaller(ports, callers, who, caller);
    return useCase.execute(admitted as never, (await inputOf()) as never);
  };
  return {
    execute: (caller, input) => run(caller, () => input),
    attempt: (caller, input) => run(caller, () => (isFunction(input) ? input() : input)),
  };
}
