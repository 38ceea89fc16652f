import * as v from 'valibot';
import { exportEntries, pageOf, readPage } from '../model/paging.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';
import { toUserExport, UserExport } from './user-record.ts';

type Needs = Pick<Ports, 'users'> & { readonly policy: Pick<Policy, 'profile'> };

/** Every account by ascending id, page by page, as an import reads it: with its password hash only on request. */
export const exportUsers = useCase({
  caller: 'system',
  input: v.object({ ...exportEntries, withPasswordHashes: v.optional(v.boolean(), false) }),
  output: pageOf(UserExport),
  errors: [],
  async run({ users, policy }: Needs, _, { after, limit, withPasswordHashes }) {
    return readPage(
      { skip: 0, limit, after },
      async (page) => (await users.listCredentials(page)).map((one) => ({ id: one.user.id, ...one })),
      (one) => toUserExport(one, policy, withPasswordHashes),
    );
  },
});
