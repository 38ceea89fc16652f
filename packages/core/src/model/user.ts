import * as v from 'valibot';
import { Id, line, wholeNumber } from './input.ts';
import type { Email } from './email.ts';

export type UserId = number;

export const baseRoles = ['user', 'admin'] as const;
export type Role = (typeof baseRoles)[number];

/** An account. The hash of its password is no part of it. */
export interface User {
  readonly id: UserId;
  readonly name: string;
  readonly email: Email;
  /** In years. */
  readonly age: number;
  readonly city: string;
  readonly role: Role;
  readonly isActive: boolean;
  /** Whether its holder has proven to read mail at this address. */
  readonly emailVerified: boolean;
  readonly createdAt: Date;
}

export const Name = v.pipe(line(2, 50), v.examples(['Ada Lovelace']));
export const Age = v.pipe(wholeNumber(0, 150), v.examples([36]));
export const City = v.pipe(line(0, 50), v.examples(['London']));
export const unknownCity = 'Unknown';

/** An account as its holder, other members and admins see it. */
export const UserView = v.object({
  id: Id,
  name: v.string(),
  email: v.string(),
  age: v.number(),
  city: v.string(),
  role: v.picklist(baseRoles),
  isActive: v.boolean(),
  emailVerified: v.boolean(),
  createdAt: v.date(),
});
export type UserView = v.InferOutput<typeof UserView>;

export function toUserView(user: User): UserView {
  const { id, name, email, age, city, role, isActive, emailVerified, createdAt } = user;
  return { id, name, email, age, city, role, isActive, emailVerified, createdAt };
}
