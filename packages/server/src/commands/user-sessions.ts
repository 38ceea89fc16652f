import { listUserSessions, type SessionView } from '@sallyport/core';
import { asJson } from './as-json.ts';
import type { Call, Outcome } from './command.ts';
import { fitted, inColumns, printable } from './columns.ts';
import { findUser } from './find-user.ts';
import { pageSize } from './options.ts';
import { saying } from './saying.ts';
import type { sessionsOptions } from './user-options.ts';
import { withApplication } from './with-application.ts';

const heading = ['ID', 'OPENED', 'LAST USED', 'EXPIRES', 'METHODS', 'ADDRESS', 'USER AGENT'];

/** Lists the live sessions of an account, or ends all of them. */
export function userSessions(call: Call<typeof sessionsOptions>): Promise<Outcome> {
  const { terminal, options } = call;
  return withApplication(call, async (opened) => {
    const { application, system } = opened;
    const { id } = await findUser(opened, call);
    if (options.end) {
      await application.endUserSessions.execute(system, { id });
      return saying('The sessions of this account have ended');
    }
    const page = await application.listUserSessions.execute(system, {
      id,
      limit: pageSize(options.limit),
      after: options.after,
    });
    const rows = [heading, ...page.items.map(row)];
    const isEmpty = page.items.length === 0;
    return {
      lines: isEmpty ? [] : inColumns(terminal.width === undefined ? rows : fitted(rows, terminal.width)),
      notes: isEmpty
        ? ['There is no live session']
        : page.next === undefined
          ? []
          : [`There are more: --after ${page.next}`],
      json: asJson(listUserSessions, application.policy, page),
    };
  });
}

function row({ id, createdAt, lastUsedAt, expiresAt, methods, ip, userAgent }: SessionView): string[] {
  const minute = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');
  const times = [createdAt, lastUsedAt, expiresAt].map(minute);
  return [id, ...times, methods.join('+'), printable(ip ?? '-'), printable(userAgent ?? '-')];
}
