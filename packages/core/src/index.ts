export { type Application, createApplication, useCases, type UseCaseName } from './application.ts';
export {
  type Admin,
  anyone,
  type Anyone,
  isAdmin,
  isMember,
  type Member,
  requireAdmin,
  requireMember,
} from './caller.ts';
export {
  isSallyportError,
  SallyportError,
  type SallyportErrorCode,
  type SallyportErrorDetails,
  type ValidationIssue,
} from './errors.ts';
export { foldCase } from './input.ts';
export type { Page, StorePage } from './paging.ts';
export { defaultPolicy, type Policy } from './policy.ts';

export { Email } from './identity/email.ts';
export { LoginView } from './identity/login.ts';
export { type Role, roles, type User, type UserId, UserView } from './identity/user.ts';
export { type Post, type PostId, PostView, type PostWithAuthor } from './posts/post.ts';
export { PostWithAuthorView } from './posts/get-post.ts';
export { type Session, type SessionId } from './sessions/session.ts';

export type { AccessTokenClaims, AccessTokens, Validity } from './ports/access-tokens.ts';
export type { Clock } from './ports/clock.ts';
export type { CommonPasswords } from './ports/common-passwords.ts';
export type { PasswordHasher } from './ports/password-hasher.ts';
export type { Ports, StorePorts } from './ports/ports.ts';
export type { NewPost, PostChanges, PostFilter, Posts, WritablePosts } from './ports/posts.ts';
export type { SecretGenerator } from './ports/secret-generator.ts';
export type { Sessions, SessionWithUser, WritableSessions } from './ports/sessions.ts';
export type { Transaction, UnitOfWork } from './ports/unit-of-work.ts';
export type { Credentials, NewUser, UserChanges, UserFilter, Users, WritableUsers } from './ports/users.ts';
