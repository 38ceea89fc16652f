import { getAnyUser, type UserView } from '@sallyport/core';
import { asJson } from './as-json.ts';
import type { Outcome, PlainCall } from './command.ts';
import { inColumns, printable } from './columns.ts';
import { findUser } from './find-user.ts';
import { type Opened, withApplication } from './with-application.ts';

/** Shows an account. */
export function showUser(call: PlainCall): Promise<Outcome> {
  return withApplication(call, async (opened) => shown(opened, await findUser(opened, call)));
}

/** An account, one line for each of its fields. */
export function shown({ application: { policy } }: Opened, user: UserView, notes: readonly string[] = []): Outcome {
  const { id, email, name, role, isActive, emailVerified, createdAt, profile } = user;
  const fields = Object.entries(profile).map(([field, value]): [string, string] => [
    field,
    printable(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  const rows: readonly (readonly [string, string])[] = [
    ['id', String(id)],
    ['email', `${printable(email)}${emailVerified ? '' : ' (not verified)'}`],
    ['name', printable(name)],
    ['role', role],
    ['state', isActive ? 'active' : 'deactivated'],
    ['created', createdAt.toISOString()],
    ...fields,
  ];
  return { lines: inColumns(rows), notes, json: asJson(getAnyUser, policy, user) };
}
