import type { Email } from '../model/email.ts';
import type { Proof } from '../model/proof.ts';
import type { UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';

/** An account that was looked up, and the proof, if the password is correct. */
export interface PasswordCheck {
  readonly credentials?: Credentials | undefined;
  readonly proof?: Proof | undefined;
}

/**
 * Checks a password. It takes the same hash call, query and time for an unknown account, a wrong password and an
 * account without a password.
 *
 * @throws SallyportError `unavailable`
 */
export async function provePassword(
  { users, hasher }: Pick<Ports, 'users' | 'hasher'>,
  key: { readonly email: Email } | { readonly id: UserId },
  password: string,
): Promise<PasswordCheck> {
  const credentials = await users.findCredentials(key);
  const matches = await hasher.verify(password, credentials?.passwordHash);
  if (!credentials || !matches) return { credentials };
  const { user, securityVersion } = credentials;
  return { credentials, proof: { userId: user.id, methods: ['pwd'], securityVersion } };
}
