import * as v from 'valibot';
import { MailCatalogue } from './catalogue/catalogue.ts';
import type { MailOptions } from './catalogue/words.ts';
import { type EventType, eventTypes } from './event-types.ts';
import type { Extension } from './extension.ts';
import { defaultLimits, type Limits, limitsOver, limitsSchema } from './limits.ts';
import { anything, exactly, listOf, oneOf, readOptions, seconds, text } from './option-schemas.ts';
import { type Options, withDefaults } from './options.ts';
import { Profile, type ProfileFields } from './profile.ts';
import { refuseRoles } from './roles.ts';
import { baseRoles, type Role } from './user.ts';

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
  /** The roles that an account can have. They begin with `user` and `admin`. */
  readonly roles: readonly Role[];
  /** The fields of an account that the host defines. */
  readonly profile: Profile;
  /** Every type of event, of the core and of the modules. */
  readonly eventTypes: readonly EventType[];
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
  roles: baseRoles,
  profile: new Profile(),
  eventTypes,
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
export type PolicyOptions = Options<Omit<Policy, 'profile' | 'mails' | 'limits' | 'eventTypes'>> & {
  readonly profile?: ProfileFields | Profile | undefined;
  /** The host's own words, over the core's: a letter replaces the core's of its locale and kind. */
  readonly mails?: MailOptions | MailCatalogue | undefined;
  /** The locale for readers whose language is unknown or has no words: a BCP 47 tag, `en` if absent. */
  readonly defaultLocale?: string | undefined;
  readonly limits?: Options<Limits> | 'off' | undefined;
};

/** Schemas of the options. Profile, mails and limits are checked where they are made, some of them of modules, too. */
export const policySchemas = {
  accessTokenLifetime: v.optional(seconds),
  refreshTokenLifetime: v.optional(seconds),
  sessionLifetime: v.optional(seconds),
  passwordResetLifetime: v.optional(seconds),
  emailVerificationLifetime: v.optional(seconds),
  invitationLifetime: v.optional(seconds),
  auditRetention: v.optional(seconds),
  registration: v.optional(oneOf<Policy['registration']>({ open: 0, invited: 0, closed: 0 })),
  emailVerification: v.optional(oneOf<Policy['emailVerification']>({ optional: 0, required: 0 })),
  userDirectory: v.optional(oneOf<Policy['userDirectory']>({ members: 0, admins: 0 })),
  roles: v.optional(listOf(text)),
  profile: anything,
  mails: anything,
  defaultLocale: v.optional(text),
  limits: anything,
  /** A whole policy can be given: its types of events follow from the modules. */
  eventTypes: anything,
};

const optionsSchema = exactly<PolicyOptions & Options<Pick<Policy, 'eventTypes'>>>(policySchemas);

/**
 * The policy with these options, and with what the modules add. Limits that are absent also keep their defaults.
 *
 * @throws Error that names an option, a role, a field of the profile, a locale, a text or a module that cannot be used
 */
export function policyOf(given: PolicyOptions = {}, modules: readonly Extension[] = []): Policy {
  const { profile, mails, defaultLocale, limits, ...options } = readOptions(optionsSchema, given);
  const policy = withDefaults(defaultPolicy, options);
  refuseRoles(policy.roles);
  return {
    ...policy,
    profile: profile instanceof Profile ? profile : new Profile(profile),
    eventTypes: [...eventTypes, ...modules.flatMap(({ events }) => events)],
    mails: catalogueOf(mails, defaultLocale, modules),
    limits: limits === 'off' ? 'off' : limitsOf(limits, modules),
  };
}

function limitsOf(options: Options<Limits> = {}, modules: readonly Extension[]): Limits {
  const defaults = modules.reduce<Limits>((all, module) => ({ ...all, ...module.limits }), defaultLimits);
  return limitsOver(defaults, readOptions(limitsSchema(defaults), options, ['limits']));
}

function catalogueOf(
  mails: MailOptions | MailCatalogue | undefined,
  defaultLocale: string | undefined,
  modules: readonly Extension[],
): MailCatalogue {
  const ofModules = modules.map((module) => module.mails).filter((words) => Object.keys(words).length > 0);
  if (mails instanceof MailCatalogue) {
    if (defaultLocale !== undefined) throw new Error('A MailCatalogue has a default locale of its own');
    return refuseWithout(mails, ofModules);
  }
  if (mails === undefined && defaultLocale === undefined && ofModules.length === 0) return defaultPolicy.mails;
  return new MailCatalogue(mails, defaultLocale, ofModules);
}

/** @throws Error that names a mail of a module for which the host's catalogue has no letter */
function refuseWithout(catalogue: MailCatalogue, ofModules: readonly MailOptions[]): MailCatalogue {
  const missing = new MailCatalogue({}, 'en', ofModules).kinds.find((kind) => !catalogue.kinds.includes(kind));
  if (missing !== undefined) throw new Error(`The mails have no letter for "${missing}"`);
  return catalogue;
}
