import { searchUsers, type UserView } from '@sallyport/core';
import { asJson } from './as-json.ts';
import { type Call, type Outcome, UsageError } from './command.ts';
import { fitted, inColumns, printable } from './columns.ts';
import { pageSize, wholeNumber } from './options.ts';
import type { listOptions } from './user-options.ts';
import { withApplication } from './with-application.ts';

const heading = ['ID', 'EMAIL', 'NAME', 'ROLE', 'STATE', 'CREATED'];

/** Lists a page of accounts. */
export function listUsers(call: Call<typeof listOptions>): Promise<Outcome> {
  const { options, terminal } = call;
  const { search, role, active, inactive, unverified, limit, after, 'external-id': externalId } = options;
  if (active && inactive) throw new UsageError('--active and --inactive exclude each other');
  const filter = {
    search,
    role,
    externalId,
    isActive: active || inactive ? active === true : undefined,
    emailVerified: unverified ? false : undefined,
    limit: pageSize(limit),
    after: wholeNumber('--after', after),
  };
  return withApplication(call, async ({ application, system }) => {
    const page = await application.searchUsers.execute(system, filter);
    const rows = [heading, ...page.items.map(row)];
    const notes = page.next === undefined ? [] : [`There are more: --after ${page.next}`];
    return {
      lines:
        page.items.length === 0 ? [] : inColumns(terminal.width === undefined ? rows : fitted(rows, terminal.width)),
      notes: page.items.length === 0 ? ['No account matches'] : notes,
      json: asJson(searchUsers, application.policy, page),
    };
  });
}

function row({ id, email, name, role, isActive, emailVerified, createdAt }: UserView): string[] {
  const state = `${isActive ? 'active' : 'deactivated'}${emailVerified ? '' : ', unverified'}`;
  return [String(id), printable(email), printable(name), role, state, createdAt.toISOString().slice(0, 10)];
}
