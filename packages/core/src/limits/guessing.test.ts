import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, generousLimits, refusal, scenario } from '../../test/scenario.ts';
import { type Anyone, anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { guessedFrom } from './guessing.ts';

/** An address in a network of its own. */
const addressOf = (n: number) => ({ ip: `100.${64 + Math.trunc(n / 250)}.${n % 250}.1` });
const home = { ip: '2001:db8:1:2::1' };
const nextDoor = { ip: '2001:db8:1:ffff::9' };
const right = 'secret123';

function guessed() {
  const story = scenario({ limits: generousLimits });
  /** Tries so many wrong passwords, each from a network of its own. */
  const guess = async (name: string, times: number, first = 0) => {
    for (let n = first; n < first + times; n += 1) await codeOf(story.login(name, 'wrong-1', addressOf(n)));
  };
  const slowed = async () => (await story.audited()).filter(({ type }) => type === 'user.login_slowed');
  return { ...story, guess, slowed };
}

describe('An account that is being guessed', () => {
  it('admits one attempt a minute of a network that it does not know', async () => {
    const { register, guess, login, clock } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom);
    expect(await codeOf(login('Ada', 'wrong-1', { ip: '198.51.100.7' }))).toBe('invalid_credentials');
    clock.advance(10);
    const { code, quota, retryAfter } = await refusal(login('Ada', right, { ip: '198.51.100.250' }));
    expect({ code, quota, retryAfter }).toEqual({
      code: 'rate_limited',
      quota: { attempts: 1, seconds: 60 },
      retryAfter: 50,
    });
    clock.advance(50);
    expect(await codeOf(login('Ada', 'wrong-1', { ip: '198.51.100.8' }))).toBe('invalid_credentials');
    expect(await codeOf(login('Ada', 'wrong-1', { ip: '198.51.100.9' }))).toBe('rate_limited');
  });

  it('admits ten attempts a minute of all such networks together', async () => {
    const { register, guess, login, clock } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom);
    const attempt = (n: number) => codeOf(login('Ada', 'wrong-1', addressOf(n)));
    for (let n = 500; n < 510; n += 1) expect(await attempt(n)).toBe('invalid_credentials');
    for (let n = 510; n < 520; n += 1) expect(await attempt(n)).toBe('rate_limited');
    clock.advance(60);
    for (let n = 520; n < 530; n += 1) expect(await attempt(n)).toBe('invalid_credentials');
    expect(await attempt(530)).toBe('rate_limited');
  });

  it('is one from the hundredth failure on', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom - 1);
    const attempts = [await codeOf(login('Ada', 'wrong-1', home)), await codeOf(login('Ada', 'wrong-1', home))];
    expect(attempts).toEqual(['invalid_credentials', 'invalid_credentials']);
    expect(await codeOf(login('Ada', 'wrong-1', home))).toBe('rate_limited');
  });

  it('is no longer one once its owner has logged in', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom);
    expect(await login('Ada', right, addressOf(500))).toMatchObject({ tokenType: 'bearer' });
    expect(await login('Ada', right, addressOf(500))).toMatchObject({ tokenType: 'bearer' });
  });

  it('is audited once, with the address from which the hundredth came', async () => {
    const { register, guess, slowed, clock } = guessed();
    const { id } = await register('Ada');
    await guess('Ada', guessedFrom + 20);
    clock.advance(60);
    await guess('Ada', 20);
    expect(await slowed()).toMatchObject([{ subjectId: id, actorId: undefined, ip: addressOf(guessedFrom - 1).ip }]);
  });

  it('cannot be told from an address that is no account', async () => {
    const { register, guess, login, calls } = guessed();
    await register('Ada');
    const costs: unknown[] = [];
    for (const name of ['Ada', 'Nemo']) {
      calls.length = 0;
      await guess(name, guessedFrom);
      const answers = [await refusal(login(name, 'wrong-1', home)), await refusal(login(name, 'wrong-1', home))];
      costs.push({ calls: [...calls], answers: answers.map(({ code, retryAfter }) => [code, retryAfter]) });
    }
    expect(costs[1]).toEqual(costs[0]);
  });

  it('moves no counter while the store is away', async () => {
    const { register, login, ports, guess } = guessed();
    await register('Ada');
    const { findCredentials } = ports.users;
    ports.users.findCredentials = () => Promise.reject(new SallyportError('unavailable'));
    for (let n = 0; n < guessedFrom + 10; n += 1) expect(await codeOf(login('Ada', 'wrong-1'))).toBe('unavailable');
    ports.users.findCredentials = findCredentials.bind(ports.users);
    await guess('Ada', guessedFrom - 1);
    expect(await codeOf(login('Ada', 'wrong-1'))).toBe('invalid_credentials');
  });

  it('is forgotten after thirty days', async () => {
    const { register, guess, login, clock } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom + 1);
    clock.advance(30 * 24 * 3600 - 60);
    expect(await codeOf(login('Ada', 'wrong-1'))).toBe('invalid_credentials');
    expect(await codeOf(login('Ada', 'wrong-1'))).toBe('rate_limited');
    clock.advance(60);
    for (const n of [1, 2]) expect(await codeOf(login('Ada', `wrong-${n}`))).toBe('invalid_credentials');
  });

  it('counts wrong passwords inside a session too', async () => {
    const { member, guess, application, login, slowed } = guessed();
    const ada = await member('Ada');
    await guess('Ada', guessedFrom - 1);
    const input = { currentPassword: 'wrong-1', newPassword: 'newSecret456' };
    expect(await codeOf(application.changePassword.execute(ada, input))).toBe('current_password_incorrect');
    expect(await slowed()).toMatchObject([{ actorId: ada.user.id }]);
    expect(await codeOf(login('Ada', 'wrong-1', home))).toBe('invalid_credentials');
    expect(await codeOf(login('Ada', 'wrong-1', home))).toBe('rate_limited');
  });

  it('is slowed down no more once the operator clears its failures', async () => {
    const { register, guess, login, application, system } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom + 1);
    await codeOf(login('Ada', 'wrong-1', home));
    expect(await codeOf(login('Ada', right, home))).toBe('rate_limited');
    await application.unslowUser.execute(system, { email: emailOf('Ada') });
    expect(await login('Ada', right, home)).toMatchObject({ tokenType: 'bearer' });
    expect(await codeOf(application.unslowUser.execute(system, { email: emailOf('Nemo') }))).toBe('user_not_found');
  });
});

describe('The owner of an account that a botnet guesses', () => {
  /** Ada, who has logged in at home, and whose quota for other networks is used up. */
  async function besieged(networks = 1_000) {
    const story = guessed();
    await story.register('Ada');
    await story.login('Ada', right, home);
    await story.guess('Ada', networks);
    return story;
  }
  const isLetIn = expect.objectContaining({ tokenType: 'bearer' }) as object;

  it('logs in from the network of an earlier login, also a month later, and nowhere else, while ten thousand networks guess', async () => {
    const { login, clock, guess } = await besieged(10_000);
    for (const from of [{ ip: '198.51.100.1' }, anyone, { ip: '2001:db8:2::1' }]) {
      expect(await codeOf(login('Ada', right, from))).toBe('rate_limited');
    }
    clock.advance(31 * 24 * 3600);
    await guess('Ada', guessedFrom + 20);
    expect(await login('Ada', right, nextDoor)).toEqual(isLetIn);
  });

  it('logs in from there after a logout everywhere, and ninety days later no more', async () => {
    const { login, application, session, clock, guess } = await besieged();
    clock.advance(60);
    await application.endAllSessions.execute(await session('Ada'));
    await guess('Ada', guessedFrom + 20);
    expect(await login('Ada', right, home)).toEqual(isLetIn);
    clock.advance(90 * 24 * 3600);
    await guess('Ada', guessedFrom + 20);
    expect(await codeOf(login('Ada', right, home))).toBe('rate_limited');
  });

  it('is let in at once on a new device, after a reset by the mailed link', async () => {
    const { login, application, mailedToken, guess } = await besieged();
    const cafe = { ip: '198.51.100.1' };
    await application.forgotPassword.execute(cafe, { email: emailOf('Ada') });
    const token = await mailedToken(emailOf('Ada'), 'reset-password');
    const newPassword = 'newSecret456';
    await application.resetPassword.execute(cafe, { token, newPassword });
    await guess('Ada', guessedFrom + 20, 20_000);
    expect(await login('Ada', newPassword, cafe)).toEqual(isLetIn);
  });

  it('is let in for a day where the link was used that confirms the address', async () => {
    const { login, application, mailedToken, guess, clock } = await besieged();
    const cafe = { ip: '198.51.100.1' };
    await application.verifyEmail.execute(cafe, { token: await mailedToken(emailOf('Ada'), 'verify-email') });
    clock.advance(24 * 3600 - 1);
    await guess('Ada', 20);
    expect(await login('Ada', right, cafe)).toEqual(isLetIn);
  });

  it('is not guessed from the networks of an attacker who had registered the address before', async () => {
    const { register, login, application, mailedToken, guess } = guessed();
    const [attackers, newPassword] = [Array.from({ length: 3 }, (_, n) => ({ ip: `198.18.${n}.1` })), 'newSecret456'];
    await register('Ada');
    for (const from of attackers) await login('Ada', right, from);
    await application.forgotPassword.execute(home, { email: emailOf('Ada') });
    const token = await mailedToken(emailOf('Ada'), 'reset-password');
    await application.resetPassword.execute(home, { token, newPassword });
    await guess('Ada', guessedFrom + 20);
    for (const from of attackers) expect(await codeOf(login('Ada', 'wrong-1', from))).toBe('rate_limited');
    expect(await login('Ada', newPassword, home)).toEqual(isLetIn);
  });

  it('is not helped by networks of others, nor by text that is no address', async () => {
    const { register, login, guess } = guessed();
    await register('Ada');
    await register('Bob');
    const noAddresses: Anyone[] = ['', 'localhost', '203.0.113.7:80'].map((ip) => ({ ip }));
    for (const from of noAddresses) await login('Ada', right, from);
    await login('Bob', right, home);
    await guess('Ada', guessedFrom + 20);
    for (const from of [...noAddresses, home]) expect(await codeOf(login('Ada', right, from))).toBe('rate_limited');
  });

  it('cannot use a network that is known for guesses without end', async () => {
    const { login } = await besieged();
    const attempts: string[] = [];
    for (let n = 0; n < 30; n += 1) attempts.push(await codeOf(login('Ada', 'wrong-1', home)));
    expect(attempts.filter((code) => code === 'invalid_credentials')).toHaveLength(20);
  });
});
