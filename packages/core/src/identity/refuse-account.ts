import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { AccountDraft, Hooks } from '../model/hooks.ts';

/** @throws SallyportError `account_refused`, with the host's sentence */
export async function refuseAccount(hooks: Hooks, account: AccountDraft, caller: Anyone): Promise<void> {
  const { name, email, externalId, profile, role } = account;
  const message = await hooks.refuseAccount?.({ name, email, externalId, profile, role }, caller);
  if (message !== undefined) throw new SallyportError('account_refused', { message });
}
