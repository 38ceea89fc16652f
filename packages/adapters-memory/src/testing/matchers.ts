import type { Audit, EventType, MailKind } from '@sallyport/core';
import { type ExpectedEntry, type ExpectedMail, type Finding, findEntry, findMail } from './assertions.ts';
import type { Mailbox } from './doubles.ts';

/** What a matcher tells `expect` of vitest and of jest. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers as methods of `expect(…)`, for the declaration that adds them to the types of a test runner. */
export interface SallyportMatchers {
  /** On a mailbox: this mail was sent. With `not`: no such mail was sent. Mails wait for `deliver`. */
  toHaveMailed(to: string, kind: MailKind, expected?: ExpectedMail): void;
  /** On the audit of the ports: it has such an entry. Await it. */
  toHaveRecorded(type: EventType, expected?: ExpectedEntry): Promise<void>;
}

/**
 * Matchers for mails and the audit: `expect.extend(matchers)`, in vitest and in jest. For other runners there are
 * `assertMailed` and `assertRecorded`.
 */
export const matchers = {
  toHaveMailed: (mailbox: Mailbox, to: string, kind: MailKind, expected: ExpectedMail = {}): MatcherResult =>
    resultOf(findMail(mailbox, to, kind, expected)),

  toHaveRecorded: async (audit: Audit, type: EventType, expected: ExpectedEntry = {}): Promise<MatcherResult> =>
    resultOf(await findEntry(audit, type, expected)),
};

function resultOf({ found, missing, unexpected }: Finding<unknown>): MatcherResult {
  const pass = found !== undefined;
  return { pass, message: () => (pass ? unexpected : missing) };
}
