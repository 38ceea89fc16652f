import { runInNewContext } from 'node:vm';
import { memoryPorts } from '@sallyport/adapters-memory/testing';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import type { UseCaseName } from '../test/sample-calls.ts';
import { allUseCases as useCases, codeOf, password, refusal, scenario } from '../test/scenario.ts';
import { snapshot } from '../test/snapshot.ts';
import { createApplication } from './application.ts';
import { defineModule } from './module.ts';
import { anyone, type Caller, type Member, roles } from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import { GenuineCallers, withOrigin } from './model/genuine-callers.ts';
import { NoInput } from './model/input.ts';
import { defaultPolicy } from './model/policy.ts';
import { build, useCase } from './use-case.ts';

type Story = ReturnType<typeof scenario>;

const names = Object.keys(useCases) as UseCaseName[];
const callableBy = (...who: readonly unknown[]) => names.filter((name) => who.includes(useCases[name].caller));

/** An application with an admin, a member and a post of each, and another application with the same. */
async function twoApplications() {
  const people = async () => {
    const story = scenario();
    const [grace, ada] = [await story.admin('Grace'), await story.member('Ada')];
    const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
    for (const author of [grace, ada]) await story.application.createPost.execute(author, text);
    return { story, grace, ada };
  };
  return { here: await people(), there: await people() };
}

const thrown = (): never => {
  throw new TypeError('Not readable');
};

/** Objects that look like this member, or come from them, and are not the member. */
const copies: Readonly<Record<string, (member: Member) => unknown>> = {
  spread: (member) => ({ ...member }),
  cloned: (member) => structuredClone(member),
  'parsed from JSON': (member) => JSON.parse(JSON.stringify(member)) as unknown,
  'frozen as a copy': (member) => Object.freeze({ ...member }),
  inherited: (member) => Object.create(member) as unknown,
  'behind a proxy': (member) => new Proxy(member, {}),
  'built by hand': ({ user, sessionId }) => ({ user: { ...user, role: 'admin' }, sessionId, ip: '::1' }),
  'half built': ({ user }) => ({ user }),
  'a bearer built by hand': ({ user, sessionId }) => ({ userId: user.id, sessionId, expiresAt: new Date(8.64e15) }),
  'a system built by hand': () => ({ isSystem: true }),
  'behind a revoked proxy': (member) => {
    const { proxy, revoke } = Proxy.revocable(member, {});
    revoke();
    return proxy;
  },
  'behind a proxy whose traps throw': (member) => new Proxy(member, { get: thrown, has: thrown }),
  'without an identity, and with an address that throws': () => ({
    get ip() {
      return thrown();
    },
  }),
  'without an identity, and with languages that throw': () => ({ locales: new Proxy(['de'], { get: thrown }) }),
  'changed by defineProperty': (member) => Object.defineProperty({ ...member }, 'user', { get: () => member.user }),
};

/** No caller at all. */
const nothings: readonly unknown[] = [undefined, null, 0, '', 'admin', true, Symbol('admin'), 1n];

/** How every use case refuses these callers, and what the store shows before and after. */
async function refusals(callers: (people: Awaited<ReturnType<typeof twoApplications>>) => unknown[]) {
  const people = await twoApplications();
  const { story } = people.here;
  const before = await snapshot(story);
  const codes = new Set<string>();
  for (const caller of callers(people)) {
    for (const name of names) {
      for (const entry of ['execute', 'attempt'] as const) {
        const run = story.application[name][entry] as (caller: unknown, input: unknown) => Promise<unknown>;
        codes.add(await codeOf(run(caller, {})));
      }
    }
  }
  return { codes: [...codes], before, after: await snapshot(story) };
}

/** An object with one field, such as a `then` that an await would call. */
const holding = (name: string, field: unknown): unknown => ({ [name]: field });

const resolving = holding('then', (resolve: (input: object) => void) => resolve({ name: 'Ada King' }));

describe('Every use case', () => {
  it.each(Object.entries(copies))('refuses a member who is %s, and changes nothing', async (_, copy) => {
    const { codes, before, after } = await refusals(({ here }) => [copy(here.grace), copy(here.ada)]);
    expect([codes, after]).toEqual([['not_authenticated'], before]);
  });

  it('refuses a member and the system of another application, and changes nothing', async () => {
    const { codes, before, after } = await refusals(({ there }) => [there.grace, there.ada, there.story.system]);
    expect([codes, after]).toEqual([['not_authenticated'], before]);
  });

  it('refuses what is no object', async () => {
    expect((await refusals(() => [...nothings])).codes).toEqual(['not_authenticated']);
  });

  it('knows a copy with an address for what it is', async () => {
    const { here } = await twoApplications();
    expect(() => withOrigin({ ...here.grace }, { ip: '::1' })).toThrow(
      expect.objectContaining({ code: 'not_authenticated' }),
    );
  });
});

describe('A use case', () => {
  it.each(callableBy('member', 'admin', 'operator'))('%s refuses an unknown caller', async (name) => {
    const { here } = await twoApplications();
    const before = await snapshot(here.story);
    expect(await codeOf(here.story.application[name].attempt(anyone, {}))).toBe('not_authenticated');
    expect(await snapshot(here.story)).toEqual(before);
  });

  it.each(callableBy('member', 'admin'))('%s refuses the system', async (name) => {
    const { here } = await twoApplications();
    expect(await codeOf(here.story.application[name].attempt(here.story.system, {}))).toBe('not_authenticated');
  });

  it.each(callableBy('admin', 'operator'))('%s refuses a member who is no admin', async (name) => {
    const { here } = await twoApplications();
    const before = await snapshot(here.story);
    expect(await codeOf(here.story.application[name].attempt(here.ada, { id: here.grace.user.id }))).toBe(
      'admin_required',
    );
    expect(await snapshot(here.story)).toEqual(before);
  });

  it.each(callableBy('system'))('%s refuses all but the system', async (name) => {
    const { here } = await twoApplications();
    const before = await snapshot(here.story);
    for (const caller of [anyone, here.ada, here.grace] as Caller[]) {
      expect(await codeOf(here.story.application[name].attempt(caller, {}))).toBe('system_required');
    }
    expect(await snapshot(here.story)).toEqual(before);
  });

  const ends: Readonly<Record<string, readonly [string, (story: Story, ada: Member) => Promise<unknown>]>> = {
    'logged out': ['invalid_token', ({ application }, ada) => application.logout.execute(ada)],
    deactivated: ['account_deactivated', ({ application }, ada) => application.deactivate.execute(ada)],
    deleted: ['user_no_longer_exists', ({ application }, ada) => application.deleteAccount.execute(ada)],
    'past the end of their session': ['invalid_token', async ({ clock }) => clock.advance(90 * 24 * 60 * 60)],
  };
  const known = callableBy('anyone', 'member').filter((name) => name !== 'verifyAccessToken');
  it.each(Object.entries(ends))('refuses a member who is %s since they were authenticated', async (_, [code, end]) => {
    const { here } = await twoApplications();
    const { story, ada } = here;
    await end(story, ada);
    const before = await snapshot(story);
    for (const name of known) expect(await codeOf(story.application[name].attempt(ada, {})), name).toBe(code);
    expect(await snapshot(story)).toEqual(before);
  });

  it('for admins refuses an admin who was demoted since they were authenticated', async () => {
    const { here } = await twoApplications();
    const { story, ada, grace } = here;
    await story.application.changeRole.execute(grace, { id: ada.user.id, role: 'admin' });
    const promoted = await story.session('Ada');
    await story.application.changeRole.execute(grace, { id: ada.user.id, role: 'user' });
    const before = await snapshot(story);
    for (const name of callableBy('admin', 'operator')) {
      const input = { id: grace.user.id, role: 'user', token: 'x' };
      expect(await codeOf(story.application[name].attempt(promoted, input)), name).toBe('admin_required');
    }
    expect(await snapshot(story)).toEqual(before);
  });

  it('acts on what is stored, whatever a host does to the object', async () => {
    const { here } = await twoApplications();
    expect(Object.isFrozen(here.ada)).toBe(true);
    expect(() => Object.assign(here.ada.user, { role: 'admin' })).toThrow(TypeError);
    expect(await here.story.application.getProfile.execute(here.ada)).toHaveProperty('role', 'user');
  });

  it('takes a genuine caller with another address', async () => {
    const { here } = await twoApplications();
    const { story, ada } = here;
    await story.application.logout.execute(withOrigin(ada, { ip: '192.0.2.1', userAgent: 'Lynx' }));
    const last = (await story.audited()).at(-1);
    expect(last).toMatchObject({ type: 'session.ended', actorId: ada.user.id, ip: '192.0.2.1', userAgent: 'Lynx' });
  });

  it.each([undefined, null])(
    'takes a genuine caller with %s for an address as one without an address',
    async (none) => {
      const { here } = await twoApplications();
      const { story, ada } = here;
      const from = withOrigin(ada, { ip: '192.0.2.1', locales: ['de'] });
      const moved = withOrigin(from, none as undefined);
      expect(moved).toEqual({ ...ada, ip: undefined, userAgent: undefined, requestId: undefined, locales: undefined });
      await story.application.logout.execute(moved);
      expect((await story.audited()).at(-1)).toMatchObject({ type: 'session.ended', ip: undefined });
    },
  );

  it('takes the bearer of a token, as the member that they are when they act', async () => {
    const { here } = await twoApplications();
    const { story, ada } = here;
    const { accessToken } = await story.login('Ada');
    const bearer = await story.application.verifyAccessToken.execute({ ip: '192.0.2.1' }, { accessToken });
    await story.application.updateProfile.execute(ada, { name: 'Ada King' });
    expect(await story.application.getProfile.execute(bearer)).toMatchObject({ id: ada.user.id, name: 'Ada King' });
    await story.application.logout.execute(bearer);
    expect((await story.audited()).at(-1)).toMatchObject({ type: 'session.ended', ip: '192.0.2.1' });
    expect(await codeOf(story.application.getProfile.execute(bearer))).toBe('invalid_token');
  });

  it('refuses a bearer whose token has expired since its signature was checked', async () => {
    const { here } = await twoApplications();
    const { accessToken } = await here.story.login('Ada');
    const bearer = await here.story.application.verifyAccessToken.execute(anyone, { accessToken });
    here.story.clock.advance(30 * 60 - 1);
    expect(await here.story.application.getProfile.execute(bearer)).toHaveProperty('name', 'Ada');
    here.story.clock.advance(1);
    expect(await codeOf(here.story.application.getProfile.execute(bearer))).toBe('invalid_token');
  });

  it('refuses a bearer whose token has expired, whatever a host does to the date', async () => {
    const { here } = await twoApplications();
    const { accessToken } = await here.story.login('Ada');
    const bearer = await here.story.application.verifyAccessToken.execute(anyone, { accessToken });
    here.story.clock.advance(30 * 60);
    bearer.expiresAt.setFullYear(2100);
    expect(await codeOf(here.story.application.getProfile.execute(bearer))).toBe('invalid_token');
    expect(await codeOf(here.story.application.getProfile.execute(withOrigin(bearer, {})))).toBe('invalid_token');
  });

  it.each(callableBy('admin', 'operator'))(
    '%s refuses an admin who is demoted while the input is on its way',
    async (name) => {
      const { here } = await twoApplications();
      const { story, ada, grace } = here;
      await story.application.changeRole.execute(grace, { id: ada.user.id, role: 'admin' });
      const promoted = await story.session('Ada');
      const input = async () => {
        await story.application.changeRole.execute(grace, { id: ada.user.id, role: 'user' });
        return { id: grace.user.id, role: 'user', token: 'x' };
      };
      expect(await codeOf(story.application[name].attempt(promoted, input))).toBe('admin_required');
    },
  );

  it('asks for its input once the caller is known, and never for a caller that it refuses', async () => {
    const { here } = await twoApplications();
    let asked = 0;
    const inputOf = async () => {
      asked += 1;
      return { name: 'Ada King' };
    };
    const { updateProfile } = here.story.application;
    expect(await codeOf(updateProfile.attempt(anyone, inputOf))).toBe('not_authenticated');
    expect(asked).toBe(0);
    expect(await updateProfile.attempt(here.ada, inputOf)).toHaveProperty('name', 'Ada King');
    expect(asked).toBe(1);
  });

  it('refuses a promise as its input, and never waits for it', async () => {
    const { here } = await twoApplications();
    const { updateProfile } = here.story.application;
    const thenables = [
      Promise.resolve({ name: 'Ada King' }),
      new Promise(() => {}),
      holding('then', () => {}),
      resolving,
    ];
    for (const input of thenables) {
      for (const entry of ['execute', 'attempt'] as const) {
        const error = await refusal(updateProfile[entry](here.ada, input as never));
        expect([error.code, error.message]).toEqual(['validation_failed', 'Is a promise that was not awaited']);
        expect(await codeOf(updateProfile[entry](anyone as never, input as never))).toBe('not_authenticated');
      }
    }
    expect(await updateProfile.attempt(here.ada, holding('then', 7))).toHaveProperty('name', 'Ada');
  });

  it('lets no promise that it refuses end the process', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { here } = await twoApplications();
    const { updateProfile } = here.story.application;
    for (const caller of [here.ada, { ...here.ada }, anyone]) {
      for (const entry of ['execute', 'attempt'] as const) {
        const ofAnotherRealm: unknown = runInNewContext('Promise.reject(new SyntaxError("bad JSON"))');
        for (const input of [Promise.reject(new SyntaxError('bad JSON')), ofAnotherRealm]) {
          await codeOf(updateProfile[entry](caller as never, input as never));
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('waits for the promise of a function, and passes on why it fails', async () => {
    const { here } = await twoApplications();
    const { updateProfile } = here.story.application;
    const failure = new SyntaxError('bad JSON');
    await expect(updateProfile.attempt(here.ada, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await updateProfile.attempt(here.ada, () => resolving)).toHaveProperty('name', 'Ada King');
  });

  it('for anyone hears from a caller where they call from, and nothing else', async () => {
    const { here } = await twoApplications();
    const caller = { ip: '192.0.2.1', userAgent: 7, admin: true } as never;
    await here.story.application.login.execute(caller, { email: 'ada@example.com', password });
    const last = (await here.story.audited()).at(-1);
    expect(last).toMatchObject({ type: 'user.logged_in', ip: '192.0.2.1', userAgent: undefined });
  });

  it('passes on a refusal that it does not declare as an internal error, with its cause', async () => {
    const { here } = await twoApplications();
    const refused = new SallyportError('last_admin');
    here.story.faults.fail('users.list', refused);
    const error: unknown = await here.story.application.listUsers
      .execute(here.ada, {})
      .catch((reason: unknown) => reason);
    expect(error).toEqual(new Error('listUsers refused with last_admin, which it does not declare'));
    expect(error).toHaveProperty('cause', refused);
  });
});

describe('A use case whose input has an asynchronous schema', () => {
  const late = v.pipeAsync(
    v.number(),
    v.checkAsync(async () => false),
  );
  it.each([
    ['whole', v.objectAsync({ amount: late })],
    ['part', v.object({ amount: v.optional(late as never) })],
  ])('is refused at the start, as a %s', (_, input) => {
    const pay = useCase({
      caller: 'anyone',
      input: input as typeof NoInput,
      output: v.string(),
      errors: [],
      run: async () => 'paid',
    });
    const shop = defineModule({ name: 'shop', useCases: { pay } });
    const start = () => createApplication(memoryPorts(), { modules: [shop] });
    expect(start).toThrow('The input of shop.pay has an asynchronous schema');
    const records = {
      payment: { schema: () => input as typeof NoInput, importWith: 'pay', exportWith: 'pay' },
    } as const;
    const importing = defineModule({ name: 'shop', useCases: { pay: { ...pay, input: NoInput } }, records });
    expect(() => createApplication(memoryPorts(), { modules: [importing] })).toThrow(
      'The record "payment" of shop has an asynchronous schema',
    );
  });
});

describe('A use case for members with one of several roles', () => {
  it('accepts those roles and refuses every other member', async () => {
    const { here } = await twoApplications();
    const { story, grace, ada } = here;
    const whoAmI = useCase({
      caller: roles('admin', 'moderator'),
      input: NoInput,
      output: v.string(),
      errors: [],
      run: async (_needs: object, caller) => caller.user.name,
    });
    const callers = new GenuineCallers();
    const built = build('whoAmI', whoAmI, { ...story.ports, policy: defaultPolicy, callers, hooks: {}, purges: [] });
    const [admin, member] = [grace, ada].map(({ user, sessionId }) => callers.member(anyone, user, sessionId));
    expect(await built.execute(admin!)).toBe('Grace');
    expect(await codeOf(built.execute(member!))).toBe('role_required');
  });
});
