import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, issuesOf, scenario } from '../../test/scenario.ts';

const onlyNumbers = { password: 'Password cannot be only numbers' };
const noNumber = { password: 'Password must include at least one number' };
const tooShort = { password: 'Must be at least 8 characters' };
const tooLong = { password: 'Must be at most 128 characters' };
const notStorable = { password: 'Must be well-formed Unicode without NUL' };
const common = { password: 'Password is among the most common ones' };

/** Eve with a bow of combining marks: one code point composed, four decomposed. */
const alpha = '\u1f82';

/** Registers with this password, and logs in with that one. */
async function logInAfter(chosen: string, typed: string) {
  const { register, login } = scenario();
  await register('Ada', { password: chosen });
  return login('Ada', typed);
}

const opensASession = expect.objectContaining({ tokenType: 'bearer' });

describe('A new password', () => {
  it.each([
    'secret123',
    'newSecret456',
    'secret12',
    '1234567a',
    'abcdefg ',
    'letters!',
    '😀'.repeat(8),
    '😀'.repeat(128),
    `a1${'x'.repeat(126)}`,
    'correcthorsebat',
    'ζωήμουσασαγαπώω',
    '𝒜'.repeat(15),
    ' '.repeat(8),
    '\u0007\u001b[2Jé1234',
  ])('may be %j', async (password) => {
    expect(await logInAfter(password, password)).toEqual(opensASession);
  });

  it.each([
    ['', tooShort],
    ['secret1', tooShort],
    ['😀'.repeat(7), tooShort],
    ['e\u0301'.repeat(7), tooShort],
    ['x1'.repeat(64).concat('x'), tooLong],
    ['😀'.repeat(129), tooLong],
    ['e\u0301'.repeat(129), tooLong],
    [`a${'\u0301'.repeat(1024)}`, tooLong],
    ['12345678', onlyNumbers],
    ['1'.repeat(128), onlyNumbers],
    ['١٢٣٤٥٦٧٨', onlyNumbers],
    ['abcdefgh', noNumber],
    ['correcthorseba', noNumber],
    ['ζωήμουσασαγαπώ', noNumber],
    ['𝒜'.repeat(14), noNumber],
    ['secret\u0000123', notStorable],
    ['secret123\ud800', notStorable],
    ['password1', common],
    ['Password1', common],
    ['QWERTY123', common],
  ])('may not be %j', async (password, issues) => {
    const { register, ports } = scenario();
    const hash = vi.spyOn(ports.hasher, 'hash');
    expect(await issuesOf(register('Ada', { password }))).toEqual(issues);
    expect(hash).not.toHaveBeenCalled();
  });

  it.each(['a1@example.com', 'A1@Example.COM'])('may not be its owner’s address, as %s', async (password) => {
    const { register } = scenario();
    expect(await issuesOf(register('Ada', { email: ' A1@example.com ', password }))).toEqual({
      password: 'Password cannot be the e-mail address',
    });
  });

  it.each(['Zoë 1815 King', 'zoë 1815 king', 'ZOE\u0308 1815 KING'])(
    'may not be its owner’s name, as %s',
    async (password) => {
      for (const name of ['Zoë 1815 King', '  zoe\u0308 1815 King ']) {
        const { register } = scenario();
        expect(await issuesOf(register('Ada', { name, password }))).toEqual({
          password: 'Password cannot be the name',
        });
      }
    },
  );

  it.each(['Sallyport1', 'SALLYPORT-2026', '1 sally port!'])(
    'may not be the service’s name, as %s',
    async (password) => {
      const { register } = scenario();
      expect(await issuesOf(register('Ada', { password }))).toEqual({
        password: 'Password cannot be the name of this service',
      });
      expect(await register('Ada', { password: `${password} guard` })).toMatchObject({ id: 1 });
    },
  );

  it('may hold the address or the name among more', async () => {
    const { register } = scenario();
    expect(await register('Ada', { password: `${emailOf('Ada')} 1` })).toMatchObject({ id: 1 });
    expect(await register('Ada 1815', { email: 'ada@example.org', password: ' Ada 1815' })).toMatchObject({ id: 2 });
  });
});

describe('A password', () => {
  it('is the same composed and decomposed', async () => {
    for (const password of ['Zoë-1815', alpha.repeat(128)]) {
      const decomposed = password.normalize('NFD');
      expect(decomposed).not.toBe(password);
      expect(await logInAfter(password, decomposed)).toEqual(opensASession);
      expect(await logInAfter(decomposed, password)).toEqual(opensASession);
    }
  });

  it.each([
    ['case', 'Secret123', 'secret123'],
    ['width', 'secret１２３', 'secret123'],
    ['a ligature', 'oﬃce-123', 'office-123'],
    ['a leading space', ' secret123', 'secret123'],
    ['a trailing space', 'secret123 ', 'secret123'],
    ['the kind of a space', 'secret\u00a0123', 'secret 123'],
    ['the 73rd byte (CVE-2025-22228)', `${'x1'.repeat(36)}y`, 'x1'.repeat(36)],
    ['the 128th emoji', '😀'.repeat(128), '😀'.repeat(127)],
  ])('is another one where %s differs', async (_, chosen, typed) => {
    expect(await codeOf(logInAfter(chosen, typed))).toBe('invalid_credentials');
  });

  it('of a megabyte is refused before it is normalised, hashed or compared, whosever it is (CVE-2026-4634, CVE-2023-46695)', async () => {
    const { application, ports, member, login } = scenario();
    const ada = await member('Ada');
    const megabyte = 'e\u0301'.repeat(500_000);
    const work = [
      vi.spyOn(ports.hasher, 'hash'),
      vi.spyOn(ports.hasher, 'verify'),
      vi.spyOn(ports.users, 'findCredentials'),
      vi.spyOn(String.prototype, 'normalize'),
    ];

    expect(await issuesOf(login('Ada', megabyte))).toEqual(tooLong);
    expect(await issuesOf(login('Nobody', megabyte))).toEqual(tooLong);
    const changes = { currentPassword: megabyte, newPassword: megabyte };
    expect(await issuesOf(application.changePassword.execute(ada, changes))).toEqual({
      currentPassword: 'Must be at most 128 characters',
      newPassword: 'Must be at most 128 characters',
    });
    const calls = work.map((call) => call.mock.calls.length);
    vi.restoreAllMocks();
    expect(calls).toEqual([0, 0, 0, 0]);
  });

  it('that is typed at a login is not judged: it may be any that fits', async () => {
    const { register, login } = scenario();
    await register('Ada');
    for (const typed of ['', '1', '12345678', 'password1']) {
      expect(await codeOf(login('Ada', typed))).toBe('invalid_credentials');
    }
  });
});
