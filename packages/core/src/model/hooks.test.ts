import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, password, refusal, scenario } from '../../test/scenario.ts';
import { anyone } from './caller.ts';
import type { Hooks } from './hooks.ts';

const ofExample: Hooks = {
  refuseAccount: ({ email }) => (email.endsWith('@example.com') ? undefined : 'Only for people of example.com'),
};
const stranger = { name: 'Eve', email: 'eve@example.net', password, profile: { age: 36 } };

describe('The hook refuseAccount', () => {
  it('rejects an account with its sentence, before anything is stored', async () => {
    const { application, ports, calls } = scenario({ hooks: ofExample });
    const { code, message } = await refusal(application.register.execute(anyone, stranger));
    expect([code, message]).toEqual(['account_refused', 'Only for people of example.com']);
    expect(calls).not.toContain('transaction');
    expect(calls).not.toContain('hasher.hash');
    expect(await ports.users.list({}, { skip: 0, limit: 1 })).toEqual([]);
  });

  it.each([undefined, null, false, ''] as const)('has no objection if it returns %j', async (answer) => {
    for (const refuseAccount of [() => answer, async () => answer]) {
      const { application } = scenario({ hooks: { refuseAccount } });
      expect(await application.register.execute(anyone, stranger)).toMatchObject({ email: stranger.email });
    }
  });

  it('may be a condition before its sentence', async () => {
    const hooks: Hooks = { refuseAccount: ({ email }) => !email.endsWith('@example.com') && 'Only for colleagues' };
    const { application } = scenario({ hooks });
    const { code, message } = await refusal(application.register.execute(anyone, stranger));
    expect([code, message]).toEqual(['account_refused', 'Only for colleagues']);
    expect(await application.register.execute(anyone, { ...stranger, email: emailOf('Ada') })).toHaveProperty('id');
  });

  it.each([true, 0, 1, NaN, {}, ['no'], new Error('no')])(
    'fails, and creates no account, if it returns %j',
    async (answer) => {
      for (const refuseAccount of [() => answer, async () => answer]) {
        const { application, ports } = scenario({ hooks: { refuseAccount } as never });
        const attempt = application.register.execute(anyone, stranger);
        await expect(attempt).rejects.toThrow(
          new Error('The hook refuseAccount must return a sentence, or undefined, null, false or an empty string'),
        );
        expect(await ports.users.list({}, { skip: 0, limit: 1 })).toEqual([]);
      }
    },
  );

  it('is asked for the accounts of admins and of the system, too', async () => {
    const { application, system, admin } = scenario({ hooks: ofExample });
    const grace = await admin('Grace');
    expect(await codeOf(application.createUser.execute(grace, { name: 'Eve', email: stranger.email }))).toBe(
      'account_refused',
    );
    await application.createUser.execute(grace, { name: 'Ada', email: emailOf('Ada') });
    const other = scenario({ hooks: ofExample });
    const first = { email: stranger.email, password };
    expect(await codeOf(other.application.bootstrapAdmin.execute(other.system, first))).toBe('account_refused');
    expect(await application.bootstrapAdmin.execute(system, first)).toBe(false);
  });

  it('gets the account as it will be stored, and the caller', async () => {
    const refuseAccount = vi.fn<NonNullable<Hooks['refuseAccount']>>();
    const { application } = scenario({ hooks: { refuseAccount } });
    const caller = { ip: '203.0.113.7' };
    await application.register.execute(caller, { ...stranger, name: ' Eve ' });
    const { name, email, profile } = stranger;
    const account = { name, email, externalId: undefined, profile: { ...profile, city: 'Unknown' }, role: 'user' };
    expect(refuseAccount.mock.calls).toEqual([[account, caller]]);
  });

  it.each<[string, (story: ReturnType<typeof scenario>) => Promise<unknown>]>([
    [
      'bootstrapAdmin',
      ({ application, system }) => application.bootstrapAdmin.execute(system, { email: stranger.email, password }),
    ],
    ['register', ({ application, system }) => application.register.execute(system, stranger)],
    [
      'createUser',
      ({ application, system }) => application.createUser.execute(system, { name: 'Eve', email: stranger.email }),
    ],
    ['importUsers', ({ application, system }) => application.importUsers.execute(system, { records: [stranger] })],
  ])('recognises the system as the caller of %s', async (_, create) => {
    const refuseAccount = vi.fn<NonNullable<Hooks['refuseAccount']>>();
    await create(scenario({ hooks: { refuseAccount } }));
    expect(refuseAccount.mock.calls.map(([, caller]) => caller)).toEqual([{ isSystem: true }]);
  });
});

describe('The hook accessTokenClaims', () => {
  const issuedWith = (story: ReturnType<typeof scenario>) => vi.spyOn(story.ports.accessTokens, 'issue');

  it('adds claims to the tokens of a login, a refresh and a new password', async () => {
    const story = scenario({ hooks: { accessTokenClaims: async ({ name, role }) => ({ name, role }) } });
    const issue = issuedWith(story);
    const ada = await story.member('Ada');
    const { refreshToken } = await story.login('Ada');
    await story.application.refresh.execute(anyone, { refreshToken });
    const passwords = { currentPassword: password, newPassword: 'newSecret456' };
    await story.application.changePassword.execute(ada, passwords);
    const extras = issue.mock.calls.map(([{ extra }]) => extra);
    expect(extras).toEqual(Array.from({ length: 4 }, () => ({ name: 'Ada', role: 'user' })));
  });

  it.each(['sub', 'sid', 'exp', 'client_id'])('may not set the claim %s', async (name) => {
    const story = scenario({ hooks: { accessTokenClaims: () => ({ [name]: 'x' }) } });
    await story.register('Ada');
    await expect(story.login('Ada')).rejects.toThrow(`may not set the claim "${name}"`);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each([
    ['a date', { since: new Date(0) }],
    ['a bigint', { seats: 1n }],
    ['a cycle', cycle],
  ])('may not return %s', async (_, claims) => {
    const story = scenario({ hooks: { accessTokenClaims: () => claims as never } });
    const issue = issuedWith(story);
    await story.register('Ada');
    await expect(story.login('Ada')).rejects.toThrow('accessTokenClaims must return JSON of at most 32 levels');
    expect(issue).not.toHaveBeenCalled();
  });
});
