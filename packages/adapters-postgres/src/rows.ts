import type {
  AuditEntry,
  AuthenticationMethod,
  Credentials,
  Email,
  EventDetail,
  EventType,
  ProfileDocument,
  Role,
  Session,
  User,
} from '@sallyport/core';
import sql from 'sql-template-tag';

/** The columns of a user without the credentials, named for `UserRow`. */
export const userColumns = sql`
  users.id, users.email, users.external_id, users.name, users.profile, users.role, users.is_active,
  users.email_verified, users.created_at`;

export interface UserRow {
  readonly id: number;
  readonly email: Email;
  readonly external_id: string | null;
  readonly name: string;
  readonly profile: ProfileDocument;
  readonly role: Role;
  readonly is_active: boolean;
  readonly email_verified: boolean;
  readonly created_at: Date;
}

export function toUser(row: UserRow): User {
  const { is_active: isActive, email_verified: emailVerified, created_at: createdAt } = row;
  const { id, email, name, profile, role, external_id: externalId } = row;
  return { id, email, externalId: externalId ?? undefined, name, profile, role, isActive, emailVerified, createdAt };
}

/** The columns of an account's credentials. */
export const credentialColumns = sql`users.password_hash, users.security_version`;

export interface CredentialsRow extends UserRow {
  readonly password_hash: string | null;
  readonly security_version: number;
}

export function toCredentials(row: CredentialsRow): Credentials {
  return {
    user: toUser(row),
    passwordHash: row.password_hash ?? undefined,
    securityVersion: row.security_version,
  };
}

/** The columns of a session, next to those of a user. */
export const sessionColumns = sql`
  sessions.id as session_id, sessions.methods, sessions.authenticated_at, sessions.generation, sessions.created_at as opened_at, sessions.last_used_at,
  sessions.turned_at, sessions.expires_at, sessions.ended_at, sessions.ip, sessions.user_agent,
  sessions.refreshed_by, sessions.networks, sessions.from_new_network, sessions.shared_at`;

export interface SessionRow {
  readonly session_id: string;
  readonly methods: readonly AuthenticationMethod[];
  readonly authenticated_at: Date;
  readonly generation: number;
  readonly opened_at: Date;
  readonly last_used_at: Date;
  readonly turned_at: Date;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly refreshed_by: string | null;
  readonly networks: readonly string[];
  readonly from_new_network: boolean;
  readonly shared_at: readonly Date[];
}

export function toSession(row: SessionRow, userId: number): Session {
  return {
    id: row.session_id,
    userId,
    methods: row.methods,
    authenticatedAt: row.authenticated_at,
    generation: row.generation,
    createdAt: row.opened_at,
    lastUsedAt: row.last_used_at,
    turnedAt: row.turned_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
    ip: row.ip ?? undefined,
    userAgent: row.user_agent ?? undefined,
    refreshedBy: row.refreshed_by ?? undefined,
    networks: row.networks,
    fromNewNetwork: row.from_new_network,
    sharedAt: row.shared_at,
  };
}

export const auditColumns = sql`id, at, type, actor_id, subject_id, ip, user_agent, detail`;

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly type: EventType;
  readonly actor_id: number | null;
  readonly subject_id: number | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly detail: EventDetail;
}

export function toAuditEntry(row: AuditRow): AuditEntry {
  const { id, at, type, detail } = row;
  return {
    id,
    at,
    type,
    actorId: row.actor_id ?? undefined,
    subjectId: row.subject_id ?? undefined,
    ip: row.ip ?? undefined,
    userAgent: row.user_agent ?? undefined,
    detail,
  };
}
