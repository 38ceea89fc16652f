import * as v from 'valibot';
import { isUsable } from '../links/use-link.ts';
import { addressLinks, passwordLinks } from '../model/mail.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** What the links of each page can do. */
const purposesOf = { 'reset-password': passwordLinks, 'verify-email': addressLinks } as const;

/**
 * Whether a mailed link could be used now, without using it, so that its page can offer a new one at once. A token has
 * 256 random bits, so guesses reveal nothing.
 */
export const checkLink = useCase({
  caller: 'anyone',
  input: v.object({ token: v.string(), page: v.picklist(['reset-password', 'verify-email']) }),
  output: v.boolean(),
  errors: [],
  async run({ oneTimeTokens, secrets, clock }: Pick<Ports, 'oneTimeTokens' | 'secrets' | 'clock'>, _, input) {
    const { token, page } = input;
    const shown = { digest: secrets.digest(token), purposes: purposesOf[page], at: clock.now() };
    const found = await oneTimeTokens.find(shown);
    return found !== undefined && isUsable(found.token, found.user);
  },
});
