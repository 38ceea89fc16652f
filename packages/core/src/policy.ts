/** What an operator may decide. Lifetimes are in seconds. */
export interface Policy {
  readonly accessTokenLifetime: number;
  /** After this, a session is over, however busy. */
  readonly sessionLifetime: number;
  /** Who may look other users up. */
  readonly userDirectory: 'members' | 'admins';
}

const minute = 60;
const day = 24 * 60 * minute;

/** What holds where nothing else is said. */
export const defaultPolicy: Policy = {
  accessTokenLifetime: 30 * minute,
  sessionLifetime: 90 * day,
  userDirectory: 'members',
};

/** The moment that lies so many seconds behind another. */
export function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}
