import { networkOf, noAddress } from '../model/address-block.ts';
import type { Email } from '../model/email.ts';
import type { Origin } from '../model/origin.ts';
import { secondsAfter } from '../model/policy.ts';
import type { UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

const day = 24 * 60 * 60;

/** Seconds for which an account knows a network, by what its owner did there. */
const knownFor = { 'sign-in': 90 * day, link: day } as const;

/** Networks that an account knows at a time. */
const maxNetworks = 100;

/**
 * Remembers where the owner of an account signed in or used a mailed link. Such networks have allowances of their own,
 * so that an attacker elsewhere cannot lock the owner out.
 */
export async function rememberNetwork(
  { knownNetworks }: Pick<Transaction, 'knownNetworks'>,
  { ip }: Origin,
  userId: UserId,
  { did, at }: { readonly did: keyof typeof knownFor; readonly at: Date },
): Promise<void> {
  const network = networkOf(ip);
  // Callers without an address may be anywhere.
  if (network === noAddress) return;
  await knownNetworks.remember(userId, network, secondsAfter(at, knownFor[did]), maxNetworks);
}

/**
 * Forgets every network of an account. A stranger who registered an address before its owner may have signed in from
 * them.
 */
export async function forgetNetworks(
  { knownNetworks }: Pick<Transaction, 'knownNetworks'>,
  userId: UserId,
): Promise<void> {
  await knownNetworks.purgeAllOf(userId, maxNetworks);
}

/** Whether the account with this address knows the network. It takes one read, also if there is no such account. */
export function knowsNetwork(
  { knownNetworks, clock }: Pick<Ports, 'knownNetworks' | 'clock'>,
  email: Email,
  network: string,
): Promise<boolean> {
  return knownNetworks.isKnown(email, network, clock.now());
}
