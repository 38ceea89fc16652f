import * as v from 'valibot';
import { type Anyone, isOperator } from './caller.ts';
import { Id } from './input.ts';
import type { JsonValue } from './json.ts';
import type { Profile, ProfileReader } from './profile.ts';
import { withKnownRole } from './roles.ts';
import type { Role, User } from './user.ts';

/** The fields of a profile that the reader may see, by their names. */
export const ProfileView = v.record(
  v.string(),
  v.custom<JsonValue>((value) => value !== undefined),
);

/** An account as its owner, other members and admins see it. */
export const UserView = v.pipe(
  v.object({
    id: Id,
    name: v.pipe(v.string(), v.examples(['Ada Lovelace'])),
    email: v.pipe(v.string(), v.examples(['ada@example.com'])),
    profile: ProfileView,
    role: v.string(),
    isActive: v.boolean(),
    emailVerified: v.boolean(),
    createdAt: v.date(),
  }),
  v.title('User'),
);
export type UserView = v.InferOutput<typeof UserView>;

/** What is needed to show an account. */
export interface Showing {
  readonly policy: { readonly profile: Profile; readonly roles: readonly Role[] };
}

/** An account as this caller sees it. */
export function toUserView({ policy }: Showing, user: User, caller: Anyone): UserView {
  const { id, name, email, role, isActive, emailVerified, createdAt } = withKnownRole(user, policy.roles);
  const profile = policy.profile.view(user.profile, readersOf(user, caller));
  return { id, name, email, profile, role, isActive, emailVerified, createdAt };
}

/** An account as its owner sees it. */
export function toOwnView(showing: Showing, user: User): UserView {
  return toUserView(showing, user, { user });
}

function readersOf({ id }: User, caller: Anyone): readonly ProfileReader[] {
  return [
    'public',
    ...(caller.user || isOperator(caller) ? ['members' as const] : []),
    ...(caller.user?.id === id ? ['self' as const] : []),
    ...(isOperator(caller) ? ['admins' as const] : []),
  ];
}
