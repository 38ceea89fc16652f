import {
  type Application,
  type ApplicationOptions,
  createApplication,
  type Mail,
  type MailKind,
  type Ports,
  type System,
} from '@sallyport/core';
import type { MemoryPart } from '../part.ts';
import type { Mailbox } from './doubles.ts';
import { type Faults, withFaults } from './faults.ts';
import type { ManualClock } from './manual-clock.ts';
import { type MemberFields, type TestMembers, testMembers } from './members.ts';
import { memoryPorts, type MemoryPorts } from './memory-ports.ts';

/** The ports that a test can control whatever else it replaces. */
interface Controls {
  readonly clock: ManualClock;
  readonly mailer: Mailbox;
}

/** The ports of a test application: those in memory, except the replaced ones. */
export type TestPorts<Parts extends readonly MemoryPart<object, object>[], Replaced extends object> = Omit<
  MemoryPorts<Parts>,
  keyof Replaced
> &
  Replaced &
  Controls;

/** The options of `createApplication`, and what a test adds to them. Limits are off unless `limits` is given. */
export type TestApplicationOptions<
  Parts extends readonly MemoryPart<object, object>[] = [],
  Replaced extends object = object,
> = ApplicationOptions<Extract<TestPorts<NoInfer<Parts>, NoInfer<Replaced>>, Ports>> & {
  /** The parts of the store that the modules need. */
  readonly parts?: Parts | undefined;
  /** Ports in place of those in memory, and further ports that modules need. */
  readonly ports?: (Replaced & Partial<Omit<Ports, keyof Controls> & Controls>) | undefined;
  /** What every member has unless `member` is told otherwise, such as the fields that the profile requires. */
  readonly memberFields?: Omit<MemberFields, 'email'> | undefined;
};

/** An application in memory, and what a test controls it with. The functions need no `this`. */
export interface TestApplication<Given = MemoryPorts> extends TestMembers {
  readonly application: Application;
  readonly system: System;
  /** The ports, to arrange and to look at what is stored. */
  readonly ports: Given;
  /** Stands still until the test moves it. */
  readonly clock: ManualClock;
  /** The mails that were sent. A mail waits for `deliver` first. */
  readonly mailbox: Mailbox;
  readonly faults: Faults<Given>;
  /** Sends every mail that is due, and returns the mails that were sent. */
  readonly deliver: () => Promise<readonly Mail[]>;
  /**
   * Sends every mail that is due, and returns the token of the last mail of this kind to this address, even if it
   * was returned before.
   *
   * @throws Error if there is none
   */
  readonly mailedToken: (to: string, kind: MailKind) => Promise<string>;
}

/**
 * Creates an application in memory: `testApplication()`, with the options of `createApplication`, or on other ports. It
 * starts empty and shares nothing with others. Limits are off, unless the options have `limits`: `{}` for the defaults.
 *
 * @throws Error as `createApplication` does
 */
export function testApplication<
  const Parts extends readonly MemoryPart<object, object>[] = [],
  Replaced extends object = object,
>(options: TestApplicationOptions<Parts, Replaced> = {}): TestApplication<TestPorts<Parts, Replaced>> {
  const { parts, ports: replaced, memberFields = {}, ...given } = options;
  const ports = { ...memoryPorts(parts), ...replaced } as TestPorts<Parts, Replaced> & Ports;
  const { faulty, faults } = withFaults<TestPorts<Parts, Replaced>>(ports);
  const chosen = { ...given, limits: given.limits ?? 'off' } as ApplicationOptions<typeof ports>;
  const { application, system } = createApplication(faulty, chosen);
  const { clock, mailer: mailbox } = ports;

  async function deliver(): Promise<readonly Mail[]> {
    const before = mailbox.mails.length;
    while ((await application.sendMails.execute(system)) > 0);
    return mailbox.mails.slice(before);
  }

  async function mailedToken(to: string, kind: MailKind): Promise<string> {
    await deliver();
    const token = mailbox.tokenFor(to, kind);
    if (token === undefined) throw new Error(`No token was mailed to ${to} by a mail "${kind}"`);
    return token;
  }

  const lenient = lenientVersion(application, (open) => createApplication(faulty, { ...chosen, ...open }).application);
  const members = testMembers({ application, lenient, ports, defaults: memberFields });
  return { application, system, ports, clock, mailbox, faults, deliver, mailedToken, ...members };
}

const open = { registration: 'open', emailVerification: 'optional', limits: 'off' } as const;

/** The application itself if its policy lets every member in, or else another one with the same subscribers. */
function lenientVersion(application: Application, create: (options: typeof open) => Application): () => Application {
  let version: Application | undefined;
  const { registration, emailVerification, limits } = application.policy;
  if (registration === 'open' && emailVerification === 'optional' && limits === 'off') version = application;
  return () => {
    if (!version) {
      version = create(open);
      version.events.on('*', (event) => application.events.publish(event));
    }
    return version;
  };
}
