import type { UserView } from '@sallyport/core';
import type { Outcome, PlainCall } from './command.ts';
import { findUser } from './find-user.ts';
import { shown } from './show-user.ts';
import { type Opened, withApplication } from './with-application.ts';

/** Gives an account another role. */
export function changeRole(call: PlainCall): Promise<Outcome> {
  const [, role = ''] = call.arguments;
  return change(call, ({ application, system }, id) => application.changeRole.execute(system, { id, role }));
}

/** Deactivates an account. */
export function deactivate(call: PlainCall): Promise<Outcome> {
  return change(call, ({ application, system }, id) => application.deactivateUser.execute(system, { id }));
}

/** Activates an account. */
export function activate(call: PlainCall): Promise<Outcome> {
  return change(call, ({ application, system }, id) => application.activateUser.execute(system, { id }));
}

function change(call: PlainCall, apply: (opened: Opened, id: UserView['id']) => Promise<UserView>): Promise<Outcome> {
  return withApplication(call, async (opened) => {
    const { id } = await findUser(opened, call);
    return shown(opened, await apply(opened, id));
  });
}
