import { AssertionError } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import type { Audit, AuditEntry, EventType, Mail, MailKind } from '@sallyport/core';
import type { Mailbox } from './doubles.ts';

/** What a mail must also say. Fields that are absent may have any value, in `data` as well. */
export type ExpectedMail = Partial<Pick<Mail, 'name' | 'locale' | 'data'>>;

/** What an entry of the audit must also say. Fields that are absent may have any value, in `detail` as well. */
export type ExpectedEntry = Partial<Omit<AuditEntry, 'type'>>;

/** Whether an expectation is met, and sentences for both outcomes. No sentence contains a token. */
export interface Finding<Found> {
  /** The latest that meets the expectation. */
  readonly found: Found | undefined;
  /** Why an assertion that it is there fails. */
  readonly missing: string;
  /** Why an assertion that it is not there fails. */
  readonly unexpected: string;
}

/**
 * Asserts that this mail was sent, and returns the latest. A mail waits for `deliver` or `mailedToken` before it is sent.
 *
 * @throws AssertionError that lists the mails that were sent, without their tokens
 */
export function assertMailed(mailbox: Mailbox, to: string, kind: MailKind, expected: ExpectedMail = {}): Mail {
  return present(findMail(mailbox, to, kind, expected), assertMailed);
}

/**
 * Asserts that no mail was sent to this address: of this kind, if given. Call `deliver` before it, or a mail may wait.
 *
 * @throws AssertionError
 */
export function assertNotMailed(mailbox: Mailbox, to: string, kind?: MailKind): void {
  absent(findMail(mailbox, to, kind, {}), assertNotMailed);
}

/**
 * Asserts that the audit has an entry of this type, and returns the latest.
 *
 * @param audit of the ports: `testApplication().ports.audit`
 * @throws AssertionError that lists the latest entries
 */
export async function assertRecorded(audit: Audit, type: EventType, expected: ExpectedEntry = {}): Promise<AuditEntry> {
  return present(await findEntry(audit, type, expected), assertRecorded);
}

/**
 * Asserts that the audit has no entry of this type that says what is given.
 *
 * @throws AssertionError
 */
export async function assertNotRecorded(audit: Audit, type: EventType, expected: ExpectedEntry = {}): Promise<void> {
  absent(await findEntry(audit, type, expected), assertNotRecorded);
}

/** Looks for a mail. */
export function findMail(
  mailbox: Mailbox,
  to: string,
  kind: MailKind | undefined,
  expected: ExpectedMail,
): Finding<Mail> {
  const mails: readonly Mail[] | undefined = mailbox.mails;
  if (mails === undefined) throw new TypeError('This needs a mailbox: `testApplication().mailbox`');
  const what = `a mail ${kind === undefined ? '' : `"${kind}" `}to ${to}${saying(expected)}`;
  const sent = mails.map((mail) => `"${mail.kind}" to ${mail.to}${saying(mailFields(mail))}`);
  const list = listed('These mails were sent', sent, 'No mail was sent.');
  return {
    found: mails.findLast(
      (mail) => mail.to === to && (kind === undefined || mail.kind === kind) && includes(mail, expected),
    ),
    missing: `Expected ${what}. Mails wait until \`deliver\` is called. ${list}`,
    unexpected: `Expected not to find ${what}. ${list}`,
  };
}

const shownEntries = 20;
const pageSize = 1000;

/** Looks for an entry of the audit. */
export async function findEntry(audit: Audit, type: EventType, expected: ExpectedEntry): Promise<Finding<AuditEntry>> {
  if (typeof audit.list !== 'function') throw new TypeError('This needs an audit: `testApplication().ports.audit`');
  const what = `an audit entry "${type}"${saying(expected)}`;
  const shown = await audit.list({}, { skip: 0, limit: shownEntries });
  const entries = shown.toReversed().map((entry) => `"${entry.type}"${saying(entryFields(entry))}`);
  const list = listed(`The audit ends with`, entries, 'The audit is empty.');
  return {
    found: await latestEntry(audit, type, expected),
    missing: `Expected ${what}. ${list}`,
    unexpected: `Expected not to find ${what}. ${list}`,
  };
}

async function latestEntry(audit: Audit, type: EventType, expected: ExpectedEntry): Promise<AuditEntry | undefined> {
  for (let skip = 0; ; skip += pageSize) {
    const page = await audit.list({ type }, { skip, limit: pageSize });
    const found = page.find((entry) => includes(entry, expected));
    if (found || page.length < pageSize) return found;
  }
}

/** Whether each expected field is there with its value. In an object that is a field, further fields may be there. */
function includes(actual: object, expected: object): boolean {
  return Object.entries(expected).every(([name, value]: [string, unknown]) => {
    const field: unknown = Reflect.get(actual, name);
    return isRecord(value) && isRecord(field) ? includes(field, value) : isDeepStrictEqual(field, value);
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function mailFields({ name, locale, data }: Mail): ExpectedMail {
  return { ...(name !== undefined && { name }), locale, ...(data && { data }) };
}

function entryFields({ actorId, subjectId, ip, detail }: AuditEntry): ExpectedEntry {
  const known = Object.entries({ actorId, subjectId, ip }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), ...(Object.keys(detail).length > 0 && { detail }) };
}

function saying(fields: object): string {
  return Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
}

function listed(title: string, lines: readonly string[], otherwise: string): string {
  return lines.length === 0 ? otherwise : `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

type Caller = (...input: never) => unknown;

function present<Found>({ found, missing }: Finding<Found>, caller: Caller): Found {
  if (found === undefined) throw new AssertionError({ message: missing, stackStartFn: caller });
  return found;
}

function absent({ found, unexpected }: Finding<unknown>, caller: Caller): void {
  if (found !== undefined) throw new AssertionError({ message: unexpected, stackStartFn: caller });
}
