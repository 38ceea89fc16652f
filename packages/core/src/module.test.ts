import { memoryStore } from '@sallyport/adapters-memory';
import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, scenario } from '../test/scenario.ts';
import { createApplication } from './application.ts';
import { authorize } from './authorize.ts';
import { admit, type Limiting } from './limits/admit.ts';
import { anyone, roles, type Who } from './model/caller.ts';
import { eventOf } from './model/domain-event.ts';
import { SallyportError } from './model/errors.ts';
import { NoInput, NoOutput } from './model/input.ts';
import { moduleErrors } from './model/module-errors.ts';
import type { ModuleName } from './model/module-name.ts';
import { configurable, defineModule, type UseCaseTable } from './module.ts';
import { posts } from './posts/index.ts';
import type { Ports } from './ports/ports.ts';
import { useCase } from './use-case.ts';

const errors = moduleErrors({ 'notes.full': 'There is no room for another note' });

/** A use case that records an event of this type, and then refuses with this error. */
const noting = (type: ModuleName, refusal?: SallyportError, declared: readonly ModuleName[] = ['notes.full']) =>
  useCase({
    caller: 'member',
    input: NoInput,
    output: NoOutput,
    errors: ['rate_limited', ...declared],
    async run(needs: Limiting & Pick<Ports, 'unitOfWork'>, caller) {
      await admit(needs, 'notes.write', caller, caller.user.id);
      await needs.unitOfWork.run(async (transaction) => {
        await authorize(transaction);
        await transaction.audit.append(eventOf(type, caller, needs.clock.now(), caller.user.id));
      });
      if (refusal) throw refusal;
    },
  });

const limits = { 'notes.write': { byAccount: { attempts: 2, seconds: 60 } } };
const notesWith = (write: ReturnType<typeof noting>) =>
  defineModule({ name: 'notes', useCases: { write }, errors, events: ['notes.written'], limits });

/** An application with this module, and Ada. */
async function withModule(module: ReturnType<typeof notesWith>, options: object = {}) {
  const ports = memoryPorts();
  const { application, system } = createApplication(ports, { modules: [module], ...options });
  const member = async (name: string) => {
    const given = { name, email: `${name.toLowerCase()}@example.com`, password: 'secret123' };
    await application.register.execute(anyone, given);
    const { accessToken } = await application.login.execute(anyone, given);
    return application.authenticate.execute(anyone, { accessToken });
  };
  return { application, system, ports, member, ada: await member('Ada') };
}

describe('A module', () => {
  const notes = notesWith(noting('notes.written'));

  it('adds its use cases, and its events to the audit and the subscribers', async () => {
    const { application, ports, ada } = await withModule(notes);
    const heard = vi.fn<() => void>();
    application.events.on('notes.written', heard);
    await application.use(notes).write.execute(ada);
    const [entry] = await ports.audit.list({ type: 'notes.written' }, { skip: 0, limit: 1 });
    expect(entry).toMatchObject({ type: 'notes.written', actorId: ada.user.id });
    expect(heard).toHaveBeenCalledTimes(1);
    expect(application.policy.eventTypes).toContain('notes.written');
  });

  it('has its callers checked like those of the core', async () => {
    const { application, ada } = await withModule(notes);
    const { write } = application.use(notes);
    expect(await codeOf(write.execute({ ...ada }))).toBe('not_authenticated');
    await application.logout.execute(ada);
    expect(await codeOf(write.execute(ada))).toBe('invalid_token');
  });

  it('has its limits, which the host may set', async () => {
    for (const [attempts, options] of [
      [2, {}],
      [1, { limits: { 'notes.write': { byAccount: { attempts: 1, seconds: 60 } } } }],
      [3, { limits: 'off' }],
    ] as const) {
      const { application, ada } = await withModule(notes, options);
      const codes: unknown[] = [];
      for (let n = 0; n < 3; n += 1)
        codes.push(
          await application
            .use(notes)
            .write.execute(ada)
            .catch(() => 'refused'),
        );
      expect(codes.filter((code) => code === undefined)).toHaveLength(attempts);
    }
  });

  it('refuses with its own errors, which it recognises', async () => {
    const full = notesWith(noting('notes.written', errors.refusal('notes.full')));
    const { application, ada } = await withModule(full);
    const error: unknown = await application
      .use(full)
      .write.execute(ada)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SallyportError);
    expect(error).toMatchObject({ code: 'notes.full', message: 'There is no room for another note' });
    expect([full.isError(error), posts.isError(error), full.isError(new Error('notes.full'))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('refuses only with the errors that the use case declares', async () => {
    const undeclared = notesWith(noting('notes.written', errors.refusal('notes.full'), []));
    const { application, ada } = await withModule(undeclared);
    const attempt = application.use(undeclared).write.execute(ada);
    await expect(attempt).rejects.toThrow('notes.write refused with notes.full, which it does not declare');
  });

  it('may not record an event that it does not declare, and nothing is stored then', async () => {
    const undeclared = notesWith(noting('notes.lost'));
    const { application, ports, ada } = await withModule(undeclared);
    const before = await ports.audit.list({}, { skip: 0, limit: 100 });
    await expect(application.use(undeclared).write.execute(ada)).rejects.toThrow('No module declares "notes.lost"');
    expect(await ports.audit.list({}, { skip: 0, limit: 100 })).toEqual(before);
  });

  it('is used only by an application that was created with it', async () => {
    const { application } = createApplication(memoryPorts());
    expect(() => application.use(notes)).toThrow('The application was created without this module "notes"');
    const { application: other } = await withModule(notes);
    const namesake = defineModule({ name: 'notes', useCases: { read: notes.useCases.write }, errors, limits });
    expect(() => other.use(namesake)).toThrow('without this module "notes"');
  });

  it('is told at the start that the policy does not suit it', () => {
    const checkPolicy = () => {
      throw new Error('Notes need a profile');
    };
    const module = defineModule({ name: 'notes', useCases: {}, checkPolicy });
    expect(() => createApplication(memoryPorts(), { modules: [module] })).toThrow('Notes need a profile');
  });

  it('deletes what a closed account left, a batch at a time', async () => {
    let left = 1_500;
    const purgeAccount = vi.fn<(transaction: object, userId: number, limit: number) => Promise<number>>(
      async (_, _userId, limit) => {
        const purged = Math.min(left, limit);
        left -= purged;
        return purged;
      },
    );
    const { application, system, ada } = await withModule({ ...notes, purgeAccount });
    await application.deleteAccount.execute(ada);
    const steps: boolean[] = [];
    do steps.push(await application.purgeClosedAccounts.execute(system));
    while (steps.at(-1));
    expect(left).toBe(0);
    expect(purgeAccount.mock.calls.map(([, userId]) => userId)).toEqual(Array(3).fill(ada.user.id));
    expect(steps).toEqual([true, true, true, false]);
  });

  it.each([undefined, null, NaN, -1, 0.5, '0', true])(
    'that returns %s for the rows it deleted fails the purge, which names it',
    async (count) => {
      const purgeAccount = async () => count as number;
      const { application, system, ada } = await withModule({ ...notes, purgeAccount });
      await application.deleteAccount.execute(ada);
      const purge = () => application.purgeClosedAccounts.execute(system);
      for (const _ of ['once', 'twice']) await expect(purge()).rejects.toThrow('module "notes"');
    },
  );

  it('that cannot delete what one closed account left keeps no other account waiting', async () => {
    const purged = new Set<number>();
    const purgeAccount = async (_: object, userId: number) => {
      if (userId === ada.user.id) throw new Error('This row cannot be deleted');
      purged.add(userId);
      return 0;
    };
    const { application, system, ada, member } = await withModule({ ...notes, purgeAccount });
    const others = [await member('Bob'), await member('Eve')];
    for (const closed of [ada, ...others]) await application.deleteAccount.execute(closed);
    for (let n = 0; n < 200; n += 1) await application.purgeClosedAccounts.execute(system).catch(() => {});
    expect(purged).toEqual(new Set(others.map(({ user }) => user.id)));
  });
});

describe('defineModule', () => {
  it.each([
    ['an upper-case name', { name: 'Notes' }, 'a-z, 0-9 and _: "Notes"'],
    ['no name', { name: '' }, 'a-z, 0-9 and _: ""'],
    ['a name with a dot', { name: 'no.tes' }, '"no.tes"'],
    ['a name of the core', { name: 'session' }, 'The core itself uses the name of the module "session"'],
    ['an event of another module', { events: ['posts.deleted'] as const }, '"posts.deleted" is not a name'],
    ['an event without a name', { events: ['notes.'] as const }, '"notes." is not a name'],
    ['a limit of another module', { limits: { 'posts.write': {} } }, '"posts.write" is not a name'],
    ['an error of another module', { errors: moduleErrors({ 'posts.x': 'x' }) }, '"posts.x" is not a name'],
  ])('refuses %s', (_, declared, reason) => {
    expect(() => defineModule({ name: 'notes', useCases: {}, ...declared })).toThrow(reason);
  });

  it('refuses a use case with an error that the module does not declare', () => {
    const useCases: UseCaseTable = { write: noting('notes.written') };
    expect(() => defineModule({ name: 'notes', useCases })).toThrow(
      'notes.write refuses with notes.full, which is not declared',
    );
  });

  it('refuses two modules with one name', () => {
    const notes = notesWith(noting('notes.written'));
    const modules = [notes, notes];
    expect(() => createApplication(memoryPorts(), { modules })).toThrow('There are two modules "notes"');
  });

  it('refuses a limit that no module has', () => {
    expect(() => createApplication(memoryPorts(), { limits: { 'notes.write': {} } })).toThrow(
      'The option "limits.notes.write" is none of login,',
    );
  });
});

describe('A rule that narrows the callers of a module', () => {
  const ruled = (restrictedTo: () => Who) =>
    defineModule({
      name: 'notes',
      useCases: {
        read: useCase({
          caller: 'member',
          restrictedTo,
          input: NoInput,
          output: NoOutput,
          errors: [],
          run: async () => {},
        }),
      },
    });

  it('refuses other members, as the route for such members would', async () => {
    const notes = ruled(() => roles('admin'));
    const { application, member } = testApplication({ modules: [notes] });
    expect(await codeOf(application.use(notes).read.execute(await member()))).toBe('role_required');
  });

  it('may not name a role that the host does not declare, or accept more callers', () => {
    expect(() => createApplication(memoryPorts(), { modules: [ruled(() => roles('editor'))] })).toThrow(
      'notes.read accepts the role "editor", which is not declared',
    );
    expect(() => createApplication(memoryPorts(), { modules: [ruled(() => 'anyone')] })).toThrow(
      'notes.read accepts more callers than it declares',
    );
  });
});

describe('The parts of modules', () => {
  const part = (name: string) => () => ({ ports: { [name]: {} }, repositories: () => ({}) });

  it.each([[['tags', 'tags']], [['users']]])('may not have ports of one name: %j', (names) => {
    expect(() => memoryStore(names.map(part))).toThrow(`There are two ports "${names[0]}"`);
  });

  it('may not have a port with a name that use cases need for something else', () => {
    const ports = { ...memoryPorts(), policy: {} };
    expect(() => createApplication(ports)).toThrow('A port cannot be named "policy"');
  });
});

describe('A configurable module', () => {
  it('is a module as it is, and makes another one of options', () => {
    const greeting = configurable(({ name = 'notes' }: { readonly name?: string }) =>
      defineModule({ name, useCases: {} }),
    );
    expect([greeting.name, greeting({ name: 'letters' }).name, greeting({}).name]).toEqual([
      'notes',
      'letters',
      'notes',
    ]);
  });

  it('is found by an application that was created with other options', async () => {
    const { application } = scenario({ author: [] });
    expect(Object.keys(application.use(posts))).toEqual(Object.keys(posts.useCases));
  });

  it('is refused with options that the policy does not know', () => {
    expect(() => scenario({ author: ['town'] })).toThrow('The profile has no field "town" for authors to show');
    expect(() => scenario({ author: ['constructor'] })).toThrow('no field "constructor"');
  });
});
