import * as v from 'valibot';
import { baseRoles, type Role, type User } from './user.ts';

/** The schema of a role, one of these. */
export const roleIn = (roles: readonly Role[]) => v.pipe(v.picklist(roles), v.title('Role'));

/**
 * Checks the roles of a host.
 *
 * @throws Error that states what is wrong with them
 */
export function refuseRoles(roles: readonly Role[]): void {
  if (baseRoles.some((role, index) => roles[index] !== role)) {
    throw new Error(`The roles must begin with ${baseRoles.join(' and ')}`);
  }
  const unusable = roles.find((role) => !/^[a-z][a-z0-9_-]{0,31}$/.test(role));
  if (unusable !== undefined) throw new Error(`A role is made of a-z, 0-9, _ and -: "${unusable}"`);
  const twice = roles.find((role, index) => roles.indexOf(role) !== index);
  if (twice !== undefined) throw new Error(`The role "${twice}" is declared twice`);
}

/** The account with its role. A stored role that the host no longer declares counts as `user`. */
export function withKnownRole(user: User, roles: readonly Role[]): User {
  return roles.includes(user.role) ? user : { ...user, role: 'user' };
}
