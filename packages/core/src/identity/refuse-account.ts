import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { AccountDraft, Hooks } from '../model/hooks.ts';

/** @throws SallyportError `account_refused`, with the host's sentence */
export async function refuseAccount(hooks: Hooks, account: AccountDraft, caller: Anyone): Promise<void> {
  const message = await objectionTo(hooks, account, caller);
  if (message !== undefined) throw new SallyportError('account_refused', { message });
}

/**
 * The host's sentence against an account, if it has one.
 *
 * @throws Error when the hook returned neither a sentence nor a value that stands for none
 */
export async function objectionTo(
  hooks: Hooks,
  { name, email, externalId, profile, role }: AccountDraft,
  caller: Anyone,
): Promise<string | undefined> {
  const objection = (await hooks.refuseAccount?.({ name, email, externalId, profile, role }, caller)) ?? '';
  if (objection === '' || objection === false) return undefined;
  if (typeof objection === 'string') return objection;
  throw new Error('The hook refuseAccount must return a sentence, or undefined, null, false or an empty string');
}
