import { describe, expect, it, vi } from 'vitest';
import { emailOf, password, scenario } from '../../test/scenario.ts';
import type { Email } from '../model/email.ts';
import { provePassword } from './prove-password.ts';

const addressOf = (name: string) => ({ email: emailOf(name) as Email });

/** Ada, who has a password, and Joan, who has none. */
async function people() {
  const story = scenario();
  const { application, ports } = story;
  const { id } = await story.register('Ada');
  const joan = { name: 'Joan', email: emailOf('Joan') };
  await application.createUser.execute(await story.admin('Grace'), joan);
  const prove = (key: Parameters<typeof provePassword>[1], text = password) => provePassword(ports, key, text);
  return { ...story, id, prove };
}

describe('provePassword', () => {
  it('proves the owner of the account, by address or id, with its version', async () => {
    const { prove, ports, id } = await people();
    await ports.unitOfWork.run(({ users }) => users.changeCredentials(id, {}));
    const proof = { userId: id, methods: ['pwd'], securityVersion: 2 };
    const credentials = await ports.users.findCredentials({ id });
    expect(await prove(addressOf('Ada'))).toEqual({ credentials, proof });
    expect(await prove({ id })).toEqual({ credentials, proof });
  });

  it('proves nothing for a wrong password, and returns the account', async () => {
    const { prove, id } = await people();
    const { credentials, proof } = await prove({ id }, 'wrong-1');
    expect(credentials?.user.name).toBe('Ada');
    expect(proof).toBeUndefined();
  });

  it.each(['', 'undefined', 'null', password])(
    'proves nothing for an account without a password by %j',
    async (text) => {
      const { prove } = await people();
      const { credentials, proof } = await prove(addressOf('Joan'), text);
      expect(credentials?.user.name).toBe('Joan');
      expect(proof).toBeUndefined();
    },
  );

  it('proves nothing where there is no account', async () => {
    const { prove } = await people();
    expect(await prove(addressOf('Nemo'))).toEqual({});
    expect(await prove({ id: 99 })).toEqual({});
  });

  it('makes the same calls for every account, and for none', async () => {
    const { prove, ports, id } = await people();
    const find = vi.spyOn(ports.users, 'findCredentials');
    const [verify, hash] = [vi.spyOn(ports.hasher, 'verify'), vi.spyOn(ports.hasher, 'hash')];
    const keys = [addressOf('Ada'), addressOf('Joan'), addressOf('Nemo'), { id }, { id: 99 }];
    for (const key of keys) {
      await prove(key, 'wrong-1');
      expect([find, verify, hash].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 0]);
      for (const spy of [find, verify]) spy.mockClear();
    }
  });
});
