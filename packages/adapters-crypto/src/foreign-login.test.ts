import { hash as bcryptWith } from '@node-rs/bcrypt';
import { testApplication } from '@sallyport/adapters-memory/testing';
import { anyone, isSallyportError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from './argon2-password-hasher.ts';
import { bcrypt } from './foreign-hashes/index.ts';

const password = 'secret123';

/** An application whose hasher notes each wait of a refused password instead of waiting. */
function withForeignHashes() {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const hasher = new Argon2PasswordHasher({ foreignHashes: [bcrypt({ max: 4 })], wait });
  const story = testApplication({ ports: { hasher } });
  const { application, ports, member } = story;

  /** A member who came with a bcrypt hash from another system. */
  const imported = async (name: string, typed = password) => {
    const one = await member(name);
    const hash = await bcryptWith(typed, 4);
    await ports.unitOfWork.run(({ users }) => users.rehashPassword(one.user.id, hash));
    return one;
  };
  const login = (email: string, typed = password) => application.login.execute(anyone, { email, password: typed });
  const codeOf = async (attempt: Promise<unknown>) => {
    const refused: unknown = await attempt.then(() => undefined).catch((error: unknown) => error);
    return isSallyportError(refused) ? refused.code : 'none';
  };
  const stored = async (id: number) => {
    const credentials = await ports.users.findCredentials({ id });
    return { hash: credentials?.passwordHash, securityVersion: credentials?.securityVersion };
  };
  return { ...story, waits, imported, login, codeOf, stored };
}

describe('A member whose hash is from another system', () => {
  it('logs in with the old password, whose hash becomes argon2id and whose sessions stay', async () => {
    const { imported, login, stored, application } = withForeignHashes();
    const ada = await imported('Ada');
    const before = await stored(ada.user.id);
    await login(ada.user.email);
    const after = await stored(ada.user.id);
    expect(before.hash).toMatch(/^\$2y\$04\$/);
    expect(after.hash).toMatch(/^\$argon2id\$/);
    expect(after.securityVersion).toBe(before.securityVersion);
    expect(await application.getProfile.execute(ada)).toMatchObject({ id: ada.user.id });

    await login(ada.user.email);
    expect(await stored(ada.user.id)).toEqual(after);
  });

  it('keeps the hash where the password is wrong or the account deactivated', async () => {
    const { imported, login, codeOf, stored, ports } = withForeignHashes();
    const { id, email } = (await imported('Ada')).user;
    const before = await stored(id);
    expect(await codeOf(login(email, 'wrong-1'))).toBe('invalid_credentials');
    await ports.unitOfWork.run(({ users }) => users.update(id, { isActive: false }));
    expect(await codeOf(login(email))).toBe('account_deactivated');
    expect(await stored(id)).toEqual(before);
  });

  it('logs in with the form that the other system hashed, and in any form from then on', async () => {
    const { imported, login, codeOf } = withForeignHashes();
    const [composed, decomposed] = ['Zo\u00eb-1815', 'Zoe\u0308-1815'];
    const { email } = (await imported('Zo\u00eb', decomposed)).user;
    expect(await codeOf(login(email, composed))).toBe('invalid_credentials');
    await login(email, decomposed);
    await login(email, composed);
  });

  it('logs in with what follows the 72nd byte left out once, and with the whole password from then on', async () => {
    const { imported, login, codeOf } = withForeignHashes();
    const long = `${'x1'.repeat(36)} and more`;
    const { email } = (await imported('Ada', long)).user;
    await login(email, long);
    expect(await codeOf(login(email, long.slice(0, 72)))).toBe('invalid_credentials');
    await login(email, long);
  });

  it('changes the password with the old one', async () => {
    const { imported, application, login, codeOf } = withForeignHashes();
    const ada = await imported('Ada');
    await application.changePassword.execute(ada, { currentPassword: password, newPassword: 'newSecret456' });
    expect(await codeOf(login(ada.user.email))).toBe('invalid_credentials');
    expect(await login(ada.user.email, 'newSecret456')).toMatchObject({ user: { id: ada.user.id } });
  });
});

describe('While foreign hashes are configured', () => {
  it('every failed login waits once, whatever the account', async () => {
    const { imported, member, admin, application, ports, login, codeOf, waits } = withForeignHashes();
    const ada = (await imported('Ada')).user;
    const grace = (await member('Grace')).user;
    const inactive = (await imported('Joan')).user;
    await ports.unitOfWork.run(({ users }) => users.update(inactive.id, { isActive: false }));
    const invited = { name: 'Mary', email: 'mary@example.com' };
    await application.createUser.execute(await admin('Edith'), invited);
    waits.length = 0;
    for (const email of [ada.email, grace.email, inactive.email, invited.email, 'nemo@example.com']) {
      expect(await codeOf(login(email, 'wrong-1'))).toBe('invalid_credentials');
      expect(waits.splice(0)).toEqual([expect.any(Number)]);
    }
    await login(ada.email);
    await login(grace.email);
    expect(waits).toEqual([]);
  });

  it('so does a wrong current password, at a change of password and of address', async () => {
    const { imported, application, codeOf, waits } = withForeignHashes();
    const ada = await imported('Ada');
    const wrong = { currentPassword: 'wrong-1' };
    for (const change of [
      () => application.changePassword.execute(ada, { ...wrong, newPassword: 'newSecret456' }),
      () => application.changeEmail.execute(ada, { ...wrong, newEmail: 'ada@example.org' }),
    ]) {
      expect(await codeOf(change())).toBe('current_password_incorrect');
      expect(waits.splice(0)).toEqual([expect.any(Number)]);
    }
  });
});
