import {
  type Admin,
  anyone,
  type Application,
  type Email,
  type Member,
  type Origin,
  type Ports,
  type ProfileDocument,
  requireAdmin,
  type Role,
} from '@sallyport/core';

/** What a test states of a member. Everything may be absent. */
export interface MemberFields {
  /** Made of the name if absent: one that no other account has. */
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  /** The fields that the owner sends. A field that the profile requires must be here or in `memberFields`. */
  readonly profile?: ProfileDocument | undefined;
  /** One of the roles of the policy; `user` if absent. */
  readonly role?: Role | undefined;
  /** Whether the address is proven; if absent, only where the policy requires it. */
  readonly emailVerified?: boolean | undefined;
}

/** What a client of a member holds. It is an input of `login`, `authenticate` and `refresh`. */
export interface MemberCredentials {
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Where a member logs in from, and the password, if it has changed since the member was created. */
export interface SessionFields extends Origin {
  readonly password?: string | undefined;
}

/** Creates members who are logged in. */
export interface TestMembers {
  /**
   * Registers an account and logs in. The policy is kept, except that a closed registration, an address to be verified
   * and the limits do not stop it.
   *
   * @param name need not be unique; `Member 1` and so on if absent
   * @throws SallyportError `email_taken`, `validation_failed` and others, as `register` does
   */
  readonly member: (name?: string, fields?: MemberFields) => Promise<Member>;
  /** The same with the role of an admin. */
  readonly admin: (name?: string, fields?: Omit<MemberFields, 'role'>) => Promise<Admin>;
  /** Logs a member in once more, and returns the member in the new session. */
  readonly session: (member: Member, fields?: SessionFields) => Promise<Member>;
  /**
   * The credentials of a member that one of these functions returned.
   *
   * @throws Error for any other object, such as a copy
   */
  readonly credentialsOf: (member: Member) => MemberCredentials;
}

/** What members are created with. */
interface Enrolling {
  readonly application: Application;
  /** An application on the same ports that lets every member in. */
  readonly lenient: () => Application;
  readonly ports: Ports;
  readonly defaults: Omit<MemberFields, 'email'>;
}

const defaultPassword = 'secret123';

/** Functions that create members in this application. */
export function testMembers({ application, lenient, ports, defaults }: Enrolling): TestMembers {
  const { roles, emailVerification } = application.policy;
  const credentials = new WeakMap<Member, MemberCredentials>();
  const addresses = new Set<string>();
  let unnamed = 0;

  /** An address made of the name, with a number if another account has it. */
  async function addressOf(name: string): Promise<string> {
    const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['member'];
    for (let count = 1; ; count += 1) {
      const email = `${[...words, ...(count > 1 ? [count] : [])].join('.')}@example.com`;
      if (addresses.has(email)) continue;
      addresses.add(email);
      if (!(await ports.users.findCredentials({ email: email as Email }))) return email;
    }
  }

  async function logIn(email: string, password: string, origin: Origin = anyone): Promise<Member> {
    const { accessToken, refreshToken } = await lenient().login.execute(origin, { email, password });
    const member = await application.authenticate.execute(origin, { accessToken });
    credentials.set(member, { email, password, accessToken, refreshToken });
    return member;
  }

  function nextName(): string {
    unnamed += 1;
    return `Member ${unnamed}`;
  }

  async function member(name = nextName(), fields: MemberFields = {}): Promise<Member> {
    const { email = await addressOf(name), password = defaultPassword, ...state } = { ...defaults, ...fields };
    const profile = { ...defaults.profile, ...fields.profile };
    const { role = 'user', emailVerified = emailVerification === 'required' } = state;
    if (!roles.includes(role)) throw new Error(`The policy has no role "${role}"`);
    const { id } = await lenient().register.execute(anyone, { name, email, password, profile });
    if (role !== 'user' || emailVerified) {
      await ports.unitOfWork.run(({ users }) => users.update(id, { role, emailVerified }));
    }
    return logIn(email, password);
  }

  function credentialsOf(one: Member): MemberCredentials {
    const found = credentials.get(one);
    if (!found) throw new Error('This member was created by other means');
    return found;
  }

  return {
    member,
    admin: async (name, fields) => requireAdmin(await member(name, { ...fields, role: 'admin' })),
    session(one, { password, ...origin } = {}) {
      const known = credentialsOf(one);
      return logIn(known.email, password ?? known.password, origin);
    },
    credentialsOf,
  };
}
