import type { UserId } from './user.ts';

/** How the core lets an owner prove who they are, as RFC 8176 names it: by a password, or by a mailed link. */
export const authenticationMethods = ['pwd', 'otp'] as const;

/** A method of authentication (RFC 8176): one of the core's, or one of a module that signs users in. */
export type AuthenticationMethod = (typeof authenticationMethods)[number] | (string & {});

/**
 * The result of a first factor: the caller is the owner of this account. It is not a session. It is valid until the
 * account's credentials change, which increases the security version.
 */
export interface Proof {
  readonly userId: UserId;
  readonly methods: readonly AuthenticationMethod[];
  readonly securityVersion: number;
}

/** Whether a proof is still valid for the current state of an account. */
export function holds(
  { userId, securityVersion }: Proof,
  current: { readonly user: { readonly id: UserId }; readonly securityVersion: number },
): boolean {
  return current.user.id === userId && current.securityVersion === securityVersion;
}
