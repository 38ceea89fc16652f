import { describe, expect, it } from 'vitest';
import { codeOf, generousLimits, refusal, scenario } from '../../test/scenario.ts';
import { SallyportError } from '../model/errors.ts';
import { guessedFrom } from './guessing.ts';

const addressOf = (n: number) => ({ ip: `203.0.${Math.trunc(n / 250)}.${n % 250}` });
const home = { ip: '2001:db8:1:2::1' };
const nextDoor = { ip: '2001:db8:1:2:ffff::9' };

function guessed() {
  const story = scenario({ limits: generousLimits });
  /** Tries so many wrong passwords, each from an address of its own. */
  const guess = async (name: string, times: number) => {
    for (let n = 0; n < times; n += 1) await codeOf(story.login(name, 'wrong-1', addressOf(n)));
  };
  const slowed = async () => (await story.audited()).filter(({ type }) => type === 'user.login_slowed');
  return { ...story, guess, slowed };
}

describe('An account that is being guessed', () => {
  it('admits one attempt a minute in all, from wherever it comes', async () => {
    const { register, guess, login, clock } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom);
    expect(await codeOf(login('Ada', 'wrong-1', addressOf(500)))).toBe('invalid_credentials');
    clock.advance(10);
    const { code, quota, retryAfter } = await refusal(login('Ada', 'secret123', addressOf(501)));
    expect({ code, quota, retryAfter }).toEqual({
      code: 'rate_limited',
      quota: { attempts: 1, seconds: 60 },
      retryAfter: 50,
    });
    clock.advance(50);
    expect(await codeOf(login('Ada', 'wrong-1', addressOf(502)))).toBe('invalid_credentials');
    expect(await codeOf(login('Ada', 'wrong-1', addressOf(503)))).toBe('rate_limited');
  });

  it('is one from the hundredth failure on', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom - 1);
    for (const n of [600, 601]) expect(await codeOf(login('Ada', 'wrong-1', addressOf(n)))).toBe('invalid_credentials');
    expect(await codeOf(login('Ada', 'wrong-1', addressOf(602)))).toBe('rate_limited');
  });

  it('is no longer one once somebody logs in', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    await guess('Ada', guessedFrom);
    expect(await login('Ada', 'secret123', addressOf(500))).toMatchObject({ tokenType: 'bearer' });
    expect(await login('Ada', 'secret123', addressOf(501))).toMatchObject({ tokenType: 'bearer' });
  });

  it('lets its owner in from where they are logged in, by /64 where that is IPv6', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    await login('Ada', 'secret123', home);
    await guess('Ada', guessedFrom + 1);
    for (const from of [addressOf(900), {}]) expect(await codeOf(login('Ada', 'secret123', from))).toBe('rate_limited');
    expect(await login('Ada', 'secret123', nextDoor)).toMatchObject({ tokenType: 'bearer' });
  });

  it('takes no text that is not an address for the owner’s', async () => {
    const { register, guess, login } = guessed();
    await register('Ada');
    for (const ip of ['', 'localhost', '203.0.113.7:80']) await login('Ada', 'secret123', { ip });
    await guess('Ada', guessedFrom + 1);
    for (const ip of ['', 'localhost', '203.0.113.7:80', 'elsewhere']) {
      expect(await codeOf(login('Ada', 'secret123', { ip }))).toBe('rate_limited');
    }
  });

  it('lets nobody in from where a session has ended, or is somebody else’s', async () => {
    const { register, guess, login, application, session } = guessed();
    await register('Ada');
    await register('Bob');
    await login('Ada', 'secret123', home);
    await login('Bob', 'secret123', addressOf(901));
    await application.endAllSessions.execute(await session('Ada'));
    await guess('Ada', guessedFrom + 1);
    for (const from of [home, addressOf(901), {}]) {
      expect(await codeOf(login('Ada', 'secret123', from))).toBe('rate_limited');
    }
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
    for (const name of ['Ada', 'Nobody']) {
      calls.length = 0;
      await guess(name, guessedFrom);
      const answers = [
        await refusal(login(name, 'wrong-1', addressOf(500))),
        await refusal(login(name, 'wrong-1', home)),
      ];
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
});
