import { activateUser } from './administration/activate-user.ts';
import { bootstrapAdmin } from './administration/bootstrap-admin.ts';
import { changeRole } from './administration/change-role.ts';
import { deactivateUser } from './administration/deactivate-user.ts';
import { createUser } from './administration/create-user.ts';
import { correctUser } from './administration/correct-user.ts';
import { inviteUser } from './administration/invite-user.ts';
import { listUserSessions } from './administration/list-user-sessions.ts';
import { counting, purgeClosedAccounts } from './administration/purge-closed-accounts.ts';
import { deleteUser } from './administration/delete-user.ts';
import { exportUsers } from './administration/export-users.ts';
import { importUsers } from './administration/import-users.ts';
import { userRecord } from './administration/user-record.ts';
import { endUserSessions } from './administration/end-user-sessions.ts';
import { findUserByEmail } from './administration/find-user-by-email.ts';
import { getAnyUser } from './administration/get-any-user.ts';
import { listAudit } from './administration/list-audit.ts';
import { purgeExpired } from './administration/purge-expired.ts';
import { unslowUser } from './administration/unslow-user.ts';
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
import { type Hooks, hooksSchema } from './model/hooks.ts';
import { GenuineCallers } from './model/genuine-callers.ts';
import { anything, exactly, listOf, readOptions } from './model/option-schemas.ts';
import { type Policy, type PolicyOptions, policyOf, policySchemas } from './model/policy.ts';
import { portMethods, type Ports, type StorePorts } from './ports/ports.ts';
import { changeEmail } from './recovery/change-email.ts';
import { checkLink } from './recovery/check-link.ts';
import { requestVerification } from './recovery/request-verification.ts';
import { forgotPassword } from './recovery/forgot-password.ts';
import { resetPassword } from './recovery/reset-password.ts';
import { sendMails } from './mails/send-mails.ts';
import { waitingMails } from './mails/waiting-mails.ts';
import { resendVerification } from './recovery/resend-verification.ts';
import { verifyEmail } from './recovery/verify-email.ts';
import { endEverySession } from './sessions/end-every-session.ts';
import { authenticate, verifyAccessToken } from './sessions/authenticate.ts';
import { introspect } from './sessions/introspect.ts';
import { logout } from './sessions/logout.ts';
import { endAllSessions, endSession, listSessions } from './sessions/own-sessions.ts';
import { refresh } from './sessions/refresh.ts';
import { revoke } from './sessions/revoke.ts';
import { revokeKeys } from './keys/revoke-keys.ts';
import { getKeySet, listKeys, maintainKeys, rotateKeys } from './keys/signing-keys.ts';
import { allPorts, refuseIncomplete } from './given-ports.ts';
import { joinedApplication, type JoinedTransaction } from './joined.ts';
import { refuseUnusableCallers } from './declared-callers.ts';
import {
  buildAll,
  type BuiltTable,
  installed,
  type JoinedTable,
  type ModuleFor,
  moduleSchema,
  type RecordKinds,
  refuseAsynchronous,
  type UseCaseTable,
} from './module.ts';
import type { AccountPurge, Surroundings } from './use-case.ts';
import { refuseUnusableSchemas } from './use-case-schema.ts';

/** Every use case of the core. Modules add their own. */
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
  checkLink,
  requestVerification,
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
  findUserByEmail,
  deleteUser,
  activateUser,
  deactivateUser,
  changeRole,
  listUserSessions,
  endUserSessions,
  sendPasswordReset,
  listAudit,

  bootstrapAdmin,
  importUsers,
  exportUsers,
  sendMails,
  waitingMails,
  purgeExpired,
  unslowUser,
  purgeClosedAccounts,
  endEverySession,
  listKeys,
  rotateKeys,
  revokeKeys,
  maintainKeys,
} as const satisfies UseCaseTable;

/** What an import and an export of all data carry of the core. Records of modules follow. */
export const coreRecords = {
  user: { schema: userRecord, importWith: 'importUsers', exportWith: 'exportUsers' },
} as const satisfies RecordKinds<keyof typeof useCases>;

/** The name of a use case in the table. */
export type UseCaseName = keyof typeof useCases;

/** The use cases, ready to be called. */
export interface UseCases extends BuiltTable<typeof useCases> {}

/** Use cases inside a transaction of the host. What they write is committed or rolled back with it. */
export interface Joined extends JoinedTable<typeof useCases>, JoinedTransaction {}

/** The application: the use cases of the core and of its modules, their events and the policy. */
export type Application = UseCases & {
  /**
   * The use cases of a module, ready to be called.
   *
   * @throws Error when the application was created without the module
   */
  use<Cases extends UseCaseTable>(module: { readonly name: string; readonly useCases: Cases }): BuiltTable<Cases>;
  /**
   * The use cases that can run inside a transaction of the host.
   *
   * A use case uses the store that it is given. The host must not use its client, or roll back to a savepoint of its own,
   * while one runs; one call of `join` belongs to one such savepoint.
   *
   * @param store every store port, bound to that transaction, and every other port that is not the core's
   * @throws Error that names every port, or every method, that is missing
   */
  join(store: StorePorts): Joined;
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

/** The options of a host; each may be absent or `undefined`. */
export type ApplicationOptions<Given extends Ports> = PolicyOptions & {
  /** What the host adds to use cases of the core. */
  readonly hooks?: Hooks | undefined;
  /** The modules of the application. The ports must include what they need. */
  readonly modules?: readonly ModuleFor<Given & Surroundings>[] | undefined;
};

const optionsSchema = exactly<ApplicationOptions<Ports> & Pick<Policy, 'eventTypes'>>({
  ...policySchemas,
  hooks: anything,
  modules: anything,
});

/**
 * Builds every use case on these ports, which may be properties, getters or members of a class. Options that are absent or `undefined` keep their defaults.
 *
 * @throws Error that names every missing port, the missing methods of ports, or the option or the module that cannot be used
 */
export function createApplication<Given extends Ports>(
  given: Given,
  options: ApplicationOptions<Given> = {},
): CreatedApplication {
  const ports = allPorts(given);
  refuseIncomplete('The application', ports, portMethods);
  const { modules = [], hooks = {}, ...policyOptions } = readOptions(optionsSchema, options);
  readOptions(hooksSchema, hooks, ['hooks']);
  readOptions(listOf(moduleSchema), modules, ['modules']);
  const names = modules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`There are two modules "${twice}"`);

  const shadowed = ['policy', 'callers', 'hooks', 'purges'].find((name) => name in ports);
  if (shadowed !== undefined) throw new Error(`A port cannot be named "${shadowed}"`);
  const callers = new GenuineCallers();
  const policy = policyOf(policyOptions, modules);
  refuseUnissuable(policy, ports.accessTokens);
  const events = new Events(policy.eventTypes);
  for (const module of modules) {
    refuseUnusableSchemas(module.useCases, policy, module.name);
    refuseUnusableCallers(module.useCases, policy, module.name);
    refuseAsynchronous(module, policy);
    module.checkPolicy?.(policy);
  }
  const purges = modules.flatMap(({ name, purgeAccount }) =>
    purgeAccount ? [counting(name, purgeAccount as AccountPurge)] : [],
  );
  const surroundings: Surroundings = { policy, callers, hooks, purges };
  const announcing = { ...ports, unitOfWork: publishing(ports.unitOfWork, events, policy.eventTypes) };
  const built = new Map(modules.map((one) => [one.name, buildAll(one.useCases, announcing, surroundings, one.name)]));
  const application: Application = {
    ...(buildAll(useCases, announcing, surroundings) as UseCases),
    use: ({ name, useCases: asked }) => installed(built.get(name), name, asked),
    join: (store) =>
      joinedApplication({ core: useCases, modules, store: allPorts(store), ports, surroundings, events }),
    events,
    policy,
  };
  return { application, system: callers.system };
}

/** A lifetime that the port cannot issue would make every login fail. */
function refuseUnissuable(
  { accessTokenLifetime }: Policy,
  { longestLifetime = Infinity }: Ports['accessTokens'],
): void {
  if (accessTokenLifetime <= longestLifetime) return;
  throw new Error(
    `accessTokenLifetime is ${accessTokenLifetime} seconds, but the port "accessTokens" issues tokens for ${longestLifetime} at most: give both the same lifetime`,
  );
}
