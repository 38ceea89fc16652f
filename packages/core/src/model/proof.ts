import type { UserId } from './user.ts';

/** How an owner can prove who they are, in the words of RFC 8176: a password, or a link that was mailed. */
export const authenticationMethods = ['pwd', 'otp'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/**
 * What a first factor yields: the caller is the owner of this account. It is no session. It holds until what proves
 * the owner changes: then the security version increases.
 */
export interface Proof {
  readonly userId: UserId;
  readonly methods: readonly AuthenticationMethod[];
  readonly securityVersion: number;
}

/** Whether a proof still holds for an account as it is now. */
export function holds(
  { userId, securityVersion }: Proof,
  current: { readonly user: { readonly id: UserId }; readonly securityVersion: number },
): boolean {
  return current.user.id === userId && current.securityVersion === securityVersion;
}
