import type { ModuleName } from './module-name.ts';

const minute = 60;
const hour = 60 * minute;

/** A number of attempts in a window of so many seconds. The first attempt opens the window. */
export interface Quota {
  readonly attempts: number;
  readonly seconds: number;
}

/** How often something may be tried, counted by account, by address or by both. */
export interface Limit {
  /** By the account and the address together, so that attempts from elsewhere do not lock the owner out. */
  readonly byAccountAndAddress?: Quota;
  readonly byAccount?: Quota;
  /** By the address alone, IPv6 by /64. Callers without a valid address count as one address. */
  readonly byAddress?: Quota;
}

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
