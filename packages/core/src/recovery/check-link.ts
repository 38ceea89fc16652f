import * as v from 'valibot';
import { isUsable } from '../links/use-link.ts';
import { addressLinks, passwordLinks } from '../model/mail.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** What the links of each page can do. */
const purposesOf = { 'reset-password': passwordLinks, 'verify-email': addressLinks } as const;

/** A link that can be used. */
const LinkView = v.object({
  /** The address that the link was mailed to. */
  email: v.string(),
});

/**
 * Looks at a mailed link without using it, so that its page can name the account, or offer a new link at once.
 * `undefined` if the link could not be used now. Only the reader of the mail has the token, so the address is no news to
 * them. A token has 256 random bits, so guesses reveal nothing.
 */
export const checkLink = useCase({
  caller: 'anyone',
  input: v.object({ token: v.string(), page: v.picklist(['reset-password', 'verify-email']) }),
  output: v.optional(LinkView),
  errors: [],
  async run({ oneTimeTokens, secrets, clock }: Pick<Ports, 'oneTimeTokens' | 'secrets' | 'clock'>, _, input) {
    const { token, page } = input;
    const shown = { digest: secrets.digest(token), purposes: purposesOf[page], at: clock.now() };
    const found = await oneTimeTokens.find(shown);
    return found && isUsable(found.token, found.user) ? { email: found.token.email } : undefined;
  },
});
