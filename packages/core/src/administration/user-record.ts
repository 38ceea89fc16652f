import * as v from 'valibot';
import { Email } from '../model/email.ts';
import { CreationTime } from '../model/import.ts';
import { Id, Text } from '../model/input.ts';
import type { Policy } from '../model/policy.ts';
import { sentFields } from '../model/profile.ts';
import { ExternalId, StoredName } from '../model/user.ts';
import { ProfileView } from '../model/user-view.ts';
import type { Credentials, ImportedUser } from '../ports/users.ts';

/** The longest hash that any known format makes is a few hundred characters long. */
const PasswordHash = v.pipe(Text, v.minLength(1), v.maxLength(1_000));

/** An account as an import reads it. `null` counts as absent. */
export const userRecord = ({ profile, roles }: Pick<Policy, 'profile' | 'roles'>) =>
  v.object({
    id: v.nullish(Id),
    externalId: v.nullish(ExternalId),
    name: StoredName,
    email: Email,
    emailVerified: v.nullish(v.boolean(), false),
    role: v.nullish(v.picklist(roles), 'user'),
    isActive: v.nullish(v.boolean(), true),
    /** The time of the import if absent. */
    createdAt: v.nullish(CreationTime),
    /** A hash that the hasher of the application verifies. An account without one has no password. */
    passwordHash: v.nullish(PasswordHash),
    profile: profile.newBySystem(),
  });

type Schema = ReturnType<typeof userRecord>;

/** An account for an import. */
export type UserRecord = v.InferInput<Schema>;

/** An account of an import that is valid. */
export type ReadUserRecord = v.InferOutput<Schema>;

/** The account to store. */
export function toImportedUser(record: ReadUserRecord, now: Date): ImportedUser {
  const { name, email, emailVerified, role, isActive } = record;
  return {
    id: record.id ?? undefined,
    externalId: record.externalId ?? undefined,
    name,
    email,
    emailVerified,
    role,
    isActive,
    profile: sentFields(record.profile),
    createdAt: record.createdAt ?? now,
    passwordHash: record.passwordHash ?? undefined,
  };
}

/** An account as an export shows it. An import reads it again. */
export const UserExport = v.pipe(
  v.object({
    id: Id,
    externalId: v.optional(v.string()),
    name: v.string(),
    email: v.string(),
    emailVerified: v.boolean(),
    role: v.string(),
    isActive: v.boolean(),
    createdAt: v.date(),
    profile: ProfileView,
    passwordHash: v.optional(v.string()),
  }),
  v.title('UserExport'),
);
export type UserExport = v.InferOutput<typeof UserExport>;

/** The account with every declared field of its profile. */
export function toUserExport(
  { user, passwordHash }: Credentials,
  { profile }: Pick<Policy, 'profile'>,
  withPasswordHash: boolean,
): UserExport {
  const { externalId, profile: document, ...account } = user;
  return {
    ...account,
    ...(externalId !== undefined && { externalId }),
    profile: profile.pick(document, Object.keys(profile.fields)),
    ...(withPasswordHash && passwordHash !== undefined && { passwordHash }),
  };
}
