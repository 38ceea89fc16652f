export {
  type Application,
  type ApplicationOptions,
  coreRecords,
  createApplication,
  type CreatedApplication,
  type Joined,
  type UseCases,
  useCases,
  type UseCaseName,
} from './application.ts';
export {
  type Admin,
  anyone,
  type Anyone,
  type Bearer,
  type Caller,
  isAdmin,
  isMember,
  type Member,
  requireAdmin,
  requireMember,
  type Roles,
  roles,
  type System,
  type Who,
} from './model/caller.ts';
export { startWorkers, type WorkerOptions, type Workers } from './workers.ts';
export { addressGroups, canonicalAddress } from './model/address.ts';
export { addressBlock } from './model/address-block.ts';
export { withOrigin } from './model/genuine-callers.ts';
export {
  type AnyUseCase,
  type CallerFor,
  type InputSchema,
  inputOf,
  memberRefusals,
  outputOf,
  refusalsOf,
  type Runnable,
  type Surroundings,
  type UseCase,
  useCase,
} from './use-case.ts';
export { type Authorized, authorize, authorizeOperator, type Intention } from './authorize.ts';
export { admit, isAdmitted, type Limiting } from './limits/admit.ts';
export {
  type BuiltTable,
  type Configurable,
  configurable,
  defineModule,
  type JoinedTable,
  type Module,
  type ModuleFor,
  type RecordKind,
  type RecordKinds,
  type UseCaseTable,
} from './module.ts';
export { type ModuleErrors, moduleErrors } from './model/module-errors.ts';
export type { ModuleName } from './model/module-name.ts';
export { roleIn } from './model/roles.ts';
export type { Extension } from './model/extension.ts';
export {
  type ErrorCode,
  isSallyportError,
  SallyportError,
  type SallyportErrorCode,
  type SallyportErrorDetails,
  type ValidationIssue,
} from './model/errors.ts';
export { type DomainEvent, type EventDetail, eventOf } from './model/domain-event.ts';
export { type EventType, eventTypes } from './model/event-types.ts';
export { Events, type FailureListener, type Subscriber } from './events/events.ts';
export { type AcceptedKey, type ActiveKey, KeyRing, type KeyRingOptions } from './keys/key-ring.ts';
export { type KeySchedule, stateOf } from './keys/key-schedule.ts';
export {
  CreationTime,
  futureIssue,
  importInput,
  ImportOutput,
  ImportResult,
  maxImportRecords,
  type ReadRecord,
  readRecords,
  type RecordReader,
  refused,
} from './model/import.ts';
export { type AccountReference, ImportRun } from './model/import-run.ts';
export { assignedId, ImportedId } from './model/ids.ts';
export { type JsonValue, maxJsonDepth } from './model/json.ts';
export { foldCase, Id, line, NoInput, NoOutput, prose, Timestamp, wholeNumber } from './model/input.ts';
export { visibleLine, visibleProse } from './model/visible-text.ts';
export { defaultLimits, type Limit, type LimitedName, type Limits, type Quota } from './model/limits.ts';
export type { AccountDraft, ExtraClaims, Hooks, Objection } from './model/hooks.ts';
export { type CoreMailKind, isMailKind, type MailData, type MailKind, mailKinds } from './model/mail.ts';
export { MailCatalogue, type WordedMail, type WordsOfPages } from './model/catalogue/catalogue.ts';
export type {
  EveryPage,
  Letter,
  LetterTemplate,
  MailOptions,
  MailWords,
  Pages,
  PageWords,
  Refusals,
  SharedWords,
  SomeWords,
  Words,
} from './model/catalogue/words.ts';
export { type PasswordBounds, passwordBounds } from './model/password.ts';
export { mergeDistinct, type Options, withDefaults } from './model/options.ts';
export type { Origin, StoredOrigin } from './model/origin.ts';
export { exportEntries, type Page, pageEntries, pageOf, readPage, type StorePage } from './model/paging.ts';
export { defaultPolicy, type Policy, policyOf, type PolicyOptions } from './model/policy.ts';
export {
  Profile,
  type ProfileDocument,
  type ProfileField,
  type ProfileFields,
  type ProfileReader,
  type ProfileValues,
  type ProfileWriter,
  readersOf,
  shownSchema,
} from './model/profile.ts';
export { type AuthenticationMethod, authenticationMethods, type Proof } from './model/proof.ts';
export { isFound, nameTerms, searchedTerms, searchTerms } from './model/search.ts';

export { Email } from './model/email.ts';
export { baseRoles, ExternalId, type Role, type User, type UserId } from './model/user.ts';
export { ProfileView, UserView } from './model/user-view.ts';
export { UserExport, type UserRecord } from './administration/user-record.ts';
export { AuditView } from './administration/list-audit.ts';
export { clientId, GrantView } from './sign-in/grant.ts';
export { signIn, type SignInNeeds } from './sign-in/sign-in.ts';
export { SessionView } from './sessions/list-live-sessions.ts';
export type { Session, SessionId } from './model/session.ts';

export type {
  AccessTokenClaims,
  AccessTokens,
  IssuedClaims,
  Validity,
  VerifiedAccessToken,
} from './ports/access-tokens.ts';
export type { Audit, AuditEntry, AuditFilter, AuditPage, AuditPosition, WritableAudit } from './ports/audit.ts';
export type { AuthorityRequest, LockedAuthority, WritableAuthority } from './ports/authority.ts';
export type { Clock } from './ports/clock.ts';
export type { WritableClosedAccounts } from './ports/closed-accounts.ts';
export type { CommonPasswords } from './ports/common-passwords.ts';
export type { KeyMaterial, SealedKeyPair } from './ports/key-material.ts';
export type { KnownNetworks, WritableKnownNetworks } from './ports/known-networks.ts';
export type { KeyStore, StoredKey, WritableKeyStore } from './ports/key-store.ts';
export { isRecipientRefused, type Mail, type Mailer, RecipientRefusedError } from './ports/mailer.ts';
export type {
  OneTimeToken,
  OneTimeTokens,
  FoundToken,
  ShownToken,
  TokenMail,
  TokenPurpose,
  WritableOneTimeTokens,
} from './ports/one-time-tokens.ts';
export type { Claim, ClaimedMail, QueuedMail, WaitingMails, WritableOutbox } from './ports/outbox.ts';
export type { PasswordHasher } from './ports/password-hasher.ts';
export { portNames, type Ports, type StorePorts } from './ports/ports.ts';
export {
  type BucketCount,
  clockTolerance,
  type LimitedBucket,
  type RateLimiter,
  type Window,
} from './ports/rate-limiter.ts';
export type { RefreshTokenClaims, RefreshTokens } from './ports/refresh-tokens.ts';
export type { SecretGenerator } from './ports/secret-generator.ts';
export type {
  RefreshingClient,
  SessionLifetime,
  SessionOpening,
  Sessions,
  SessionWithUser,
  WritableSessions,
} from './ports/sessions.ts';
export type { KeyState, PublicKey, SigningKeyRing } from './ports/signing-key-ring.ts';
export type { Transaction, UnitOfWork } from './ports/unit-of-work.ts';
export type {
  AccountKeys,
  CredentialChanges,
  Credentials,
  ImportedUser,
  NewUser,
  UserChanges,
  UserFilter,
  Users,
  WritableUsers,
} from './ports/users.ts';

export { activateUser } from './administration/activate-user.ts';
export { bootstrapAdmin } from './administration/bootstrap-admin.ts';
export { changeRole } from './administration/change-role.ts';
export { deactivateUser } from './administration/deactivate-user.ts';
export { createUser } from './administration/create-user.ts';
export { correctUser } from './administration/correct-user.ts';
export { importUsers } from './administration/import-users.ts';
export { inviteUser } from './administration/invite-user.ts';
export { listUserSessions } from './administration/list-user-sessions.ts';
export { purgeClosedAccounts } from './administration/purge-closed-accounts.ts';
export { deleteUser } from './administration/delete-user.ts';
export { endUserSessions } from './administration/end-user-sessions.ts';
export { exportUsers } from './administration/export-users.ts';
export { findUserByEmail } from './administration/find-user-by-email.ts';
export { getAnyUser } from './administration/get-any-user.ts';
export { listAudit } from './administration/list-audit.ts';
export { unslowUser } from './administration/unslow-user.ts';
export { purgeExpired } from './administration/purge-expired.ts';
export { searchUsers } from './administration/search-users.ts';
export { sendPasswordReset } from './administration/send-password-reset.ts';
export { changePassword } from './identity/change-password.ts';
export { deactivate } from './identity/deactivate.ts';
export { deleteAccount } from './identity/delete-account.ts';
export { getProfile } from './identity/get-profile.ts';
export { getUser } from './identity/get-user.ts';
export { listUsers } from './identity/list-users.ts';
export { register } from './identity/register.ts';
export { updateProfile } from './identity/update-profile.ts';
export { getKeySet, listKeys, maintainKeys, rotateKeys } from './keys/signing-keys.ts';
export { type Mailing, type Notice, notify, type Notifying, queueMail } from './mails/queue-mail.ts';
export { sendMails } from './mails/send-mails.ts';
export { waitingMails } from './mails/waiting-mails.ts';
export { changeEmail } from './recovery/change-email.ts';
export { checkLink } from './recovery/check-link.ts';
export { requestVerification } from './recovery/request-verification.ts';
export { forgotPassword } from './recovery/forgot-password.ts';
export { resendVerification } from './recovery/resend-verification.ts';
export { resetPassword } from './recovery/reset-password.ts';
export { verifyEmail } from './recovery/verify-email.ts';
export { authenticate, verifyAccessToken } from './sessions/authenticate.ts';
export { introspect, IntrospectionView } from './sessions/introspect.ts';
export { logout } from './sessions/logout.ts';
export { endAllSessions, endSession, listSessions } from './sessions/own-sessions.ts';
export { refresh } from './sessions/refresh.ts';
export { revoke } from './sessions/revoke.ts';
export { login } from './sign-in/login.ts';
