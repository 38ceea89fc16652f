import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import * as v from 'valibot';
import { expect } from 'vitest';
import {
  anyone,
  type Anyone,
  type Application,
  type BuiltTable,
  type AuditEntry,
  defaultLimits,
  type Hooks,
  isSallyportError,
  type Limits,
  type MailKind,
  type Member,
  type PolicyOptions,
  type ProfileFields,
  type Runnable,
  type SallyportError,
  type Transaction,
  outputOf,
  useCases,
  type UseCaseTable,
} from '../src/index.ts';
import { line, wholeNumber } from '../src/model/input.ts';
import { posts, type PostsTransaction } from '../src/posts/index.ts';
import { isLive } from '../src/model/session.ts';

/** The password of every account in a scenario, unless it says otherwise. */
export const password = 'secret123';

const forMembers = { read: ['self', 'members'], write: ['self', 'admins'] } as const;

/** The fields of an account in a scenario, unless it says otherwise: a required one, and one with a default. */
export const profile: ProfileFields = {
  age: { ...forMembers, schema: wholeNumber(0, 150), default: null, required: true },
  city: { ...forMembers, schema: line(0, 50), default: 'Unknown' },
};

export const emailOf = (name: string) => `${name.toLowerCase()}@example.com`;

/** Limits that count as in production and are never reached. */
export const generousLimits: Limits = {
  ...defaultLimits,
  login: { byAccountAndAddress: { attempts: 1e6, seconds: 60 }, byAddress: { attempts: 1e6, seconds: 60 } },
};

/** The same parts, whose every method leaves its name in `calls`. */
function recorded<Parts extends object>(parts: Parts, calls: string[]): Parts {
  const entries = Object.entries(parts).map(([name, part]: [string, object]) => {
    const proxy = new Proxy(part, {
      get(target, key) {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return (...input: unknown[]): unknown => {
          calls.push(`${name}.${String(key)}`);
          return Reflect.apply(method, target, input);
        };
      },
    });
    return [name, proxy];
  });
  return Object.fromEntries(entries) as Parts;
}

/** The use cases of a scenario: those of the core and of its module. */
export const allUseCases = { ...useCases, ...posts.useCases };

/** Holds every answer against the schema that stands for it: what is generated from the schema has to be true. */
function heldToItsWord<Given extends BuiltTable<typeof allUseCases> & Pick<Application, 'policy'>>(
  application: Given,
  declarations: UseCaseTable,
): Given {
  const { policy } = application;
  for (const [name, declared] of Object.entries(declarations)) {
    const output = outputOf(declared, policy);
    const runnable: Runnable<never, object, unknown> = application[name as keyof typeof allUseCases];
    for (const entry of ['execute', 'attempt'] as const) {
      const run = runnable[entry].bind(runnable) as (...input: unknown[]) => Promise<unknown>;
      runnable[entry] = async (...input: unknown[]) => {
        const answer = await run(...input);
        expect(v.parse(output, answer), `the answer of ${name}`).toStrictEqual(answer);
        return answer;
      };
    }
  }
  return application;
}

/** The options of a scenario, and of its posts. */
export type ScenarioOptions = PolicyOptions & { readonly hooks?: Hooks; readonly author?: readonly string[] };

/** A test application with posts, whose answers are held to their schemas, and helpers that go by names. */
export function scenario({ author = ['city'], ...options }: ScenarioOptions = {}) {
  const blog = posts({ author });
  const ports = memoryPorts([memoryPosts]);
  const { clock, ...witnessed } = ports;
  /** What the ports and the transactions were asked to do, in order. */
  const calls: string[] = [];
  let prelude: ((transaction: Transaction & PostsTransaction) => unknown) | undefined;
  const unitOfWork: typeof ports.unitOfWork = {
    run(work) {
      calls.push('transaction');
      return ports.unitOfWork.run((transaction) => {
        const prepare = prelude;
        prelude = undefined;
        prepare?.(transaction);
        return work(recorded(transaction, calls));
      });
    },
  };
  const kit = testApplication({
    profile,
    modules: [blog],
    ...options,
    ports: { ...recorded(witnessed, calls), clock, unitOfWork },
    memberFields: { password, profile: { age: 36 } },
  });
  const built = { ...kit.application, ...kit.application.use(blog) };
  const application = heldToItsWord(built, { ...useCases, ...blog.useCases });

  /** Makes an account; the address is made of the name. */
  const register = (name: string, fields: object = {}) =>
    application.register.execute(anyone, {
      name,
      email: emailOf(name),
      password,
      profile: { age: 36 },
      ...fields,
    });

  const login = (name: string, secret = password, caller: Anyone = anyone) =>
    application.login.execute(caller, { email: emailOf(name), password: secret });

  /** One more session of a registered member. */
  async function session(name: string, secret = password): Promise<Member> {
    const { accessToken } = await login(name, secret);
    return application.authenticate.execute(anyone, { accessToken });
  }

  /** Whether a session still lets its user act. */
  async function isOpen({ sessionId }: Member): Promise<boolean> {
    const found = await ports.sessions.findWithUser(sessionId);
    return found !== undefined && isLive(found.session, ports.clock.now());
  }

  /** Lets something happen once, after all that was read and before the next transaction begins. */
  const meanwhile = (act: () => Promise<unknown>) => kit.faults.before('unitOfWork.run', act);

  /** Has the next transaction behave otherwise: what happens to it between two looks. */
  const within = (prepare: (transaction: Transaction & PostsTransaction) => unknown) => void (prelude = prepare);

  /** What the audit remembers, oldest first. */
  async function audited(): Promise<readonly AuditEntry[]> {
    const entries = await ports.audit.list({}, { skip: 0, limit: 1000 });
    return entries.toReversed();
  }

  /** The kinds of mail that left for this address, in alphabetical order, once all that are due have left. */
  async function mailsTo(to: string): Promise<readonly MailKind[]> {
    await kit.deliver();
    return ports.mailer.mails
      .filter((mail) => mail.to === to)
      .map(({ kind }) => kind)
      .toSorted();
  }

  const people = { register, login, session, isOpen };
  return { ...kit, application, ports, calls, meanwhile, within, audited, mailsTo, ...people };
}

/** The error that a use case refuses with; fails where it does not. */
export async function refusal(answer: Promise<unknown>): Promise<SallyportError> {
  const error: unknown = await answer.then(
    () => new Error('It was not refused'),
    (reason: unknown) => reason,
  );
  if (!isSallyportError(error)) throw error;
  return error;
}

/** The code that a use case refuses with. */
export const codeOf = async (answer: Promise<unknown>) => (await refusal(answer)).code;

/** What is wrong with the input, by field. */
export async function issuesOf(answer: Promise<unknown>): Promise<Record<string, string>> {
  const { code, issues } = await refusal(answer);
  expect(code).toBe('validation_failed');
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]));
}
