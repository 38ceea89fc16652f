const minute = 60;
const hour = 60 * minute;

/** So many attempts, in a window of so many seconds that the first of them opens. */
export interface Quota {
  readonly attempts: number;
  readonly seconds: number;
}

/** How often something may be tried, counted by whom it is tried on and from where. */
export interface Limit {
  /** By the account and the address together, so that attempts from elsewhere lock no owner out. */
  readonly byAccountAndAddress?: Quota;
  readonly byAccount?: Quota;
  /**
   * By the address alone, IPv6 by /64. Callers without an address, or with text that is none, count as one
   * address together.
   */
  readonly byAddress?: Quota;
}

/** The limits of what is worth trying often: guessing, having mails sent, filling the store. */
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
  readonly createPost: Limit;
}

/** What is limited. */
export type LimitedName = keyof Limits;

/** What holds where nothing else is said. */
export const defaultLimits: Limits = {
  login: {
    byAccountAndAddress: { attempts: 5, seconds: minute },
    byAddress: { attempts: 50, seconds: minute },
  },
  register: { byAddress: { attempts: 50, seconds: hour } },
  // Many people behind one address refresh every half hour; what is tried cannot be guessed.
  refresh: { byAddress: { attempts: 600, seconds: minute } },
  forgotPassword: {
    byAccount: { attempts: 5, seconds: 15 * minute },
    byAddress: { attempts: 30, seconds: hour },
  },
  resetPassword: { byAddress: { attempts: 50, seconds: hour } },
  verifyEmail: { byAddress: { attempts: 50, seconds: hour } },
  resendVerification: { byAccount: { attempts: 5, seconds: 15 * minute } },
  // Whoever holds a session but not the password guesses here rather than at the login.
  changePassword: { byAccount: { attempts: 10, seconds: 15 * minute } },
  changeEmail: { byAccount: { attempts: 5, seconds: 15 * minute } },
  // More than a person writes, and far less than a script could.
  createPost: { byAccount: { attempts: 300, seconds: hour } },
};
