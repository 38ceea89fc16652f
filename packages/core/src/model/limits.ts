import * as v from 'valibot';
import type { ModuleName } from './module-name.ts';
import { attempts, exactly, seconds } from './option-schemas.ts';
import type { Options } from './options.ts';

const minute = 60;
const hour = 60 * minute;

/** A number of attempts in a window of so many seconds. The first attempt opens the window. */
export interface Quota {
  readonly attempts: number;
  readonly seconds: number;
}

const quotaSchema = exactly<Quota>({ attempts, seconds });

/** How often something may be tried, counted by account, by address or by both. */
export interface Limit {
  /** By the account and the address together, so that attempts from elsewhere do not lock the owner out. */
  readonly byAccountAndAddress?: Quota;
  readonly byAccount?: Quota;
  /** By the address alone, IPv6 by /64. Callers without a valid address count as one address. */
  readonly byAddress?: Quota;
}

export const limitSchema = exactly<Limit>({
  byAccountAndAddress: v.optional(quotaSchema),
  byAccount: v.optional(quotaSchema),
  byAddress: v.optional(quotaSchema),
});

/** The limits of actions that an attacker might repeat: guessing, triggering mails, filling the store. */
export interface Limits {
  readonly login: Limit;
  readonly register: Limit;
  readonly refresh: Limit;
  readonly forgotPassword: Limit;
  readonly resetPassword: Limit;
  readonly verifyEmail: Limit;
  readonly resendVerification: Limit;
  readonly changePassword: Limit;
  readonly changeEmail: Limit;
  /** The limits of modules. */
  readonly [name: ModuleName]: Limit;
}

/** The name of a limit. */
export type LimitedName = keyof Limits;

/** The limits unless the host sets others. */
export const defaultLimits: Limits = {
  login: {
    byAccountAndAddress: { attempts: 5, seconds: minute },
    byAddress: { attempts: 50, seconds: minute },
  },
  register: { byAddress: { attempts: 50, seconds: hour } },
  // Many users behind one address refresh every half hour, and a refresh token cannot be guessed.
  refresh: { byAddress: { attempts: 600, seconds: minute } },
  // By the account alone, one attacker could keep its owner from a reset. Mails are limited by recipient besides.
  forgotPassword: {
    byAccountAndAddress: { attempts: 5, seconds: 15 * minute },
    byAddress: { attempts: 30, seconds: hour },
  },
  resetPassword: { byAddress: { attempts: 50, seconds: hour } },
  verifyEmail: { byAddress: { attempts: 50, seconds: hour } },
  resendVerification: {
    byAccountAndAddress: { attempts: 5, seconds: 15 * minute },
    byAddress: { attempts: 30, seconds: hour },
  },
  // A thief of a session who does not know the password would guess it here rather than at the login.
  changePassword: { byAccount: { attempts: 10, seconds: 15 * minute } },
  changeEmail: { byAccount: { attempts: 5, seconds: 15 * minute } },
};

/** The schema of a host's limits over these. */
export function limitsSchema(defaults: Limits): v.GenericSchema<unknown, Options<Limits>> {
  const entries = Object.keys(defaults).map((name) => [name, v.optional(limitSchema)] as const);
  return exactly<object>(Object.fromEntries(entries), '"off"');
}

/** These limits, with those of the host in their place. What is `undefined` keeps its default, a single quota too. */
export function limitsOver(defaults: Limits, options: Options<Limits>): Limits {
  const names = Object.keys(defaults) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, limitOver(defaults[name] ?? {}, options[name])])) as never;
}

function limitOver(fallback: Limit, limit: Limit = fallback): Limit {
  const names = Object.keys(limit) as (keyof Limit)[];
  return Object.fromEntries(names.map((by) => [by, limit[by] ?? fallback[by]]));
}
