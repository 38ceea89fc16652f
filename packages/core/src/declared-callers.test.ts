import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { createApplication } from './application.ts';
import { refuseOtherRoles } from './model/authorization.ts';
import { anyone, roles, type Who } from './model/caller.ts';
import { NoInput, NoOutput } from './model/input.ts';
import { defineModule } from './module.ts';
import { useCase } from './use-case.ts';

/** A module with one use case, which a host without a compiler may have declared. */
const notes = (caller: unknown, rule?: unknown) =>
  defineModule({
    name: 'notes',
    useCases: {
      read: useCase({
        caller: caller as Who,
        ...(rule !== undefined && { restrictedTo: () => rule as Who }),
        input: NoInput,
        output: NoOutput,
        errors: [],
        run: async () => {},
      }),
    },
  });
const start = (module: ReturnType<typeof notes>) => () => createApplication(memoryPorts(), { modules: [module] });

describe('A use case of a module', () => {
  it.each([[undefined], [null], ['moderator'], ['Admin'], [''], [true], [{}], [{ roles: [] }], [{ roles: 'admin' }]])(
    'does not start if its caller is %j',
    (caller) => {
      expect(start(notes(caller))).toThrow('notes.read declares a caller that is not one of');
    },
  );

  it.each([['moderator'], ['Admin'], [{ roles: [] }]])('does not start if its rule is %j', (rule) => {
    expect(start(notes('member', rule))).toThrow('notes.read declares a caller that is not one of');
  });

  it.each<[Who, Who]>([
    ['member', 'anyone'],
    ['admin', 'member'],
    ['admin', roles('user')],
    ['admin', roles('admin', 'user')],
    [roles('admin'), 'member'],
    [roles('user'), 'admin'],
    ['system', 'admin'],
    ['system', 'operator'],
    ['operator', 'member'],
    ['operator', roles('user')],
    ['system', 'anyone'],
    ['member', 'system'],
  ])('for %j may not accept %j', (caller, rule) => {
    expect(start(notes(caller, rule))).toThrow('notes.read accepts more callers than it declares');
  });

  it.each<[Who, Who]>([
    ['anyone', 'anyone'],
    ['anyone', 'member'],
    ['anyone', 'system'],
    ['member', 'admin'],
    ['member', roles('user')],
    ['admin', roles('admin')],
    [roles('user', 'admin'), roles('user')],
    [roles('user', 'admin'), 'admin'],
    ['system', 'system'],
    ['operator', 'admin'],
    ['operator', 'system'],
  ])('for %j may accept %j alone', async (caller, rule) => {
    const module = notes(caller, rule);
    const { application, member } = testApplication({ modules: [module] });
    const { read } = application.use(module);
    const isFor = (one: object) =>
      read.execute(one as never).then(
        () => true,
        () => false,
      );
    const acceptsUsers =
      rule === 'anyone' || rule === 'member' || (typeof rule === 'object' && rule.roles.includes('user'));
    expect([await isFor(await member()), await isFor(anyone)]).toEqual([acceptsUsers, rule === 'anyone']);
  });
});

describe('A rule that is none of the known ones', () => {
  it('accepts no member', async () => {
    const ada = await testApplication().member();
    expect(() => refuseOtherRoles('moderator' as Who, ada)).toThrow(
      expect.objectContaining({ code: 'admin_required' }),
    );
  });
});
