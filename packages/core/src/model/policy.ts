import { MailCatalogue } from './catalogue/catalogue.ts';
import type { MailOptions } from './catalogue/words.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type Options, withDefaults } from './options.ts';
import { Profile, type ProfileFields } from './profile.ts';

/** The options of an operator. Lifetimes are in seconds. */
export interface Policy {
  readonly accessTokenLifetime: number;
  /** Lifetime of an unused refresh token. */
  readonly refreshTokenLifetime: number;
  /** Maximum session length, even if active. */
  readonly sessionLifetime: number;
  readonly passwordResetLifetime: number;
  readonly emailVerificationLifetime: number;
  /** How long the link of an invitation is valid. */
  readonly invitationLifetime: number;
  /** Who may create accounts: anyone, admins alone, or no caller. */
  readonly registration: 'open' | 'invited' | 'closed';
  /** Whether an account can be used before its address is verified. */
  readonly emailVerification: 'optional' | 'required';
  /** The fields of an account that the host defines. */
  readonly profile: Profile;
  /** The profile fields of its author that a post shows to every reader. */
  readonly authorFields: readonly string[];
  /** The words of mails and of the pages that they lead to. */
  readonly mails: MailCatalogue;
  /** How long audit entries are kept. */
  readonly auditRetention: number;
  /** Who may list and read other users. */
  readonly userDirectory: 'members' | 'admins';
  /** How often actions may be tried; `off` is for tests. */
  readonly limits: Limits | 'off';
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The policy unless the host sets another. */
export const defaultPolicy: Policy = {
  accessTokenLifetime: 30 * minute,
  refreshTokenLifetime: 30 * day,
  sessionLifetime: 90 * day,
  passwordResetLifetime: 30 * minute,
  emailVerificationLifetime: 48 * hour,
  invitationLifetime: 7 * day,
  registration: 'open',
  emailVerification: 'optional',
  profile: new Profile(),
  authorFields: [],
  mails: new MailCatalogue(),
  auditRetention: 365 * day,
  userDirectory: 'members',
  limits: defaultLimits,
};

/** The moment that is so many seconds after another. */
export function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

/** Who may list and read other users, if not every member. */
export function forDirectory({ userDirectory }: Policy): 'admin' | undefined {
  return userDirectory === 'admins' ? 'admin' : undefined;
}

/** The options of a host; each may be absent or `undefined`. */
export type PolicyOptions = Options<Omit<Policy, 'profile' | 'mails' | 'limits'>> & {
  readonly profile?: ProfileFields | Profile | undefined;
  /** The host's own words, over the core's: a letter replaces the core's of its locale and kind. */
  readonly mails?: MailOptions | MailCatalogue | undefined;
  /** The locale for readers whose language is unknown or has no words: a BCP 47 tag, `en` if absent. */
  readonly defaultLocale?: string | undefined;
  readonly limits?: Options<Limits> | 'off' | undefined;
};

/**
 * The policy with these options. Limits that are absent also keep their defaults.
 *
 * @throws Error that names a field of the profile, a locale, a kind of mail or a text that cannot be used
 */
export function policyOf({ profile, mails, defaultLocale, limits, ...options }: PolicyOptions = {}): Policy {
  const policy = {
    ...withDefaults(defaultPolicy, options),
    profile: profile instanceof Profile ? profile : new Profile(profile),
    mails: catalogueOf(mails, defaultLocale),
  };
  const unknown = policy.authorFields.find((name) => !Object.hasOwn(policy.profile.fields, name));
  if (unknown !== undefined) throw new Error(`The profile has no field "${unknown}" for authors to show`);
  return { ...policy, limits: limits === 'off' ? 'off' : withDefaults(defaultLimits, limits) };
}

function catalogueOf(mails: MailOptions | MailCatalogue | undefined, defaultLocale: string | undefined): MailCatalogue {
  if (mails instanceof MailCatalogue) return mails;
  if (mails === undefined && defaultLocale === undefined) return defaultPolicy.mails;
  return new MailCatalogue(mails, defaultLocale);
}
