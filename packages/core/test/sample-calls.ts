import type { Caller, Member } from '../src/index.ts';
import { allUseCases as useCases, emailOf, password, type scenario } from './scenario.ts';

/** The name of a use case of the core or of the module. */
export type UseCaseName = keyof typeof useCases;
type Story = ReturnType<typeof scenario>;

/** Who a use case is called by and on, in the samples. */
export interface Cast {
  readonly story: Story;
  readonly caller: Member;
  readonly subject: Member;
  /** A draft by the caller. */
  readonly postId: number;
  /** An account without a password. */
  readonly invitedId: number;
}

const text = { title: 'A second post', content: 'Twenty characters or more of it.' };
const ofSubject = ({ subject }: Cast) => ({ id: subject.user.id });

/** An input that each use case for members or admins takes, and that changes something if it is one that writes. */
const inputs = {
  logout: () => ({}),
  listSessions: () => ({}),
  endSession: ({ caller }) => ({ id: caller.sessionId }),
  endAllSessions: () => ({}),
  introspect: () => ({ token: 'x' }),
  resendVerification: () => ({}),
  changeEmail: () => ({ newEmail: emailOf('Countess'), currentPassword: password }),
  getProfile: () => ({}),
  updateProfile: () => ({ profile: { city: 'Ockham' } }),
  changePassword: () => ({ currentPassword: password, newPassword: 'newSecret456' }),
  deactivate: () => ({}),
  deleteAccount: () => ({}),
  listUsers: () => ({}),
  getUser: ofSubject,
  searchUsers: () => ({}),
  createUser: () => ({ name: 'Mary', email: emailOf('Mary') }),
  correctUser: (cast) => ({ ...ofSubject(cast), name: 'Ada King' }),
  inviteUser: ({ invitedId }) => ({ id: invitedId }),
  getAnyUser: ofSubject,
  findUserByEmail: ({ subject }) => ({ email: subject.user.email }),
  deleteUser: ofSubject,
  activateUser: ofSubject,
  deactivateUser: ofSubject,
  changeRole: (cast) => ({ ...ofSubject(cast), role: 'admin' }),
  listUserSessions: ofSubject,
  endUserSessions: ofSubject,
  sendPasswordReset: ofSubject,
  listAudit: () => ({}),
  createPost: () => text,
  listMyPosts: () => ({}),
  updatePost: ({ postId }) => ({ id: postId, ...text }),
  deletePost: ({ postId }) => ({ id: postId }),
} satisfies Partial<Record<UseCaseName, (cast: Cast) => object>>;

/** The use cases for members or admins. One without a sample fails the tests that are generated from them. */
export const memberUseCases = (Object.keys(useCases) as UseCaseName[]).filter(
  (name) => !['anyone', 'system'].includes(useCases[name].caller),
);

/** Calls a use case on its sample. */
export function call(name: UseCaseName, cast: Cast, caller: Caller = cast.caller): Promise<unknown> {
  const inputOf = (inputs as Partial<Record<UseCaseName, (cast: Cast) => object>>)[name];
  if (!inputOf) throw new Error(`${name} has no sample`);
  return cast.story.application[name].attempt(caller, inputOf(cast));
}
