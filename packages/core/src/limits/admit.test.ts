import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, generousLimits, refusal, scenario } from '../../test/scenario.ts';
import { anyone, type Anyone } from '../model/caller.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import { guessedFrom } from './guessing.ts';
import { defaultLimits, type LimitedName, type Limits } from '../model/limits.ts';

const home: Anyone = { ip: '203.0.113.7' };
const elsewhere: Anyone = { ip: '198.51.100.1' };

const limited = (limits: Partial<Limits> = {}) => scenario({ limits: { ...defaultLimits, ...limits } });

/** How many of so many attempts were let in before the first that was not. */
async function admitted(attempt: (time: number) => Promise<unknown>, times: number): Promise<number> {
  for (let time = 0; time < times; time += 1) {
    const code = await attempt(time).then(
      () => 'none',
      (error: unknown) => isSallyportError(error) && error.code,
    );
    if (code === 'rate_limited') return time;
  }
  return times;
}

describe('A limit', () => {
  it('lets five a minute try an account from an address, whatever comes of it, and no other spelling more', async () => {
    const { register, application } = limited();
    await register('Ada');
    const spellings = [emailOf('Ada'), 'ADA@EXAMPLE.COM', ` ${emailOf('Ada')} `];
    const login = (time: number) =>
      application.login.execute(home, {
        email: spellings[time % spellings.length] ?? '',
        password: time % 2 ? 'wrong-1' : 'secret123',
      });
    expect(await admitted(login, 10)).toBe(5);
  });

  it('says what is used up, and how long that lasts', async () => {
    const { login, clock } = limited();
    for (let time = 0; time < 5; time += 1) await codeOf(login('Ada', 'wrong-1', home));
    clock.advance(20);
    const { code, quota, retryAfter } = await refusal(login('Ada', 'wrong-1', home));
    expect({ code, quota, retryAfter }).toEqual({
      code: 'rate_limited',
      quota: { attempts: 5, seconds: 60 },
      retryAfter: 40,
    });
  });

  it('lets in again once the window has closed, and not a moment sooner', async () => {
    const { register, login, clock } = limited();
    await register('Ada');
    for (let time = 0; time < 6; time += 1) await codeOf(login('Ada', 'wrong-1', home));
    clock.advance(59);
    expect(await codeOf(login('Ada', 'secret123', home))).toBe('rate_limited');
    clock.advance(1);
    expect(await login('Ada', 'secret123', home)).toMatchObject({ tokenType: 'bearer' });
  });

  it('locks no account out by attempts of others, nor another account at the same address', async () => {
    const { register, login } = limited();
    await register('Ada');
    await register('Bob');
    for (let time = 0; time < 6; time += 1) await codeOf(login('Ada', 'wrong-1', elsewhere));
    expect(await login('Ada', 'secret123', home)).toMatchObject({ tokenType: 'bearer' });
    expect(await login('Bob', 'secret123', elsewhere)).toMatchObject({ tokenType: 'bearer' });
  });

  it('holds for the whole of an IPv6 /64', async () => {
    const { login } = limited();
    const attempt = (time: number) => login('Ada', 'wrong-1', { ip: `2001:db8:1:2::${time}` });
    expect(await admitted(attempt, 10)).toBe(5);
  });

  it('counts as many as try at once', async () => {
    const { login } = limited();
    const attempts = Array.from({ length: 20 }, () => codeOf(login('Ada', 'wrong-1', home)));
    const refused = (await Promise.all(attempts)).filter((code) => code === 'rate_limited');
    expect(refused).toHaveLength(15);
  });

  it.each<[LimitedName, number, number, (story: ReturnType<typeof limited>, time: number) => Promise<unknown>]>([
    ['login', 50, 60, ({ login }, time) => login(`User${time}`, 'wrong-1', home)],
    [
      'register',
      50,
      3600,
      ({ application }, time) =>
        application.register.execute(home, {
          name: 'Ada',
          email: `a${time}@example.com`,
          password: 'secret123',
          profile: { age: 36 },
        }),
    ],
    ['refresh', 600, 60, ({ application }) => application.refresh.execute(home, { refreshToken: 'none' })],
    [
      'forgotPassword',
      30,
      3600,
      ({ application }, time) => application.forgotPassword.execute(home, { email: `a${time}@example.com` }),
    ],
    [
      'resetPassword',
      50,
      3600,
      ({ application }) => application.resetPassword.execute(home, { token: 'none', newPassword: 'secret123' }),
    ],
    ['verifyEmail', 50, 3600, ({ application }) => application.verifyEmail.execute(home, { token: 'none' })],
  ])('of %s lets %i of an address in, every %i seconds', async (_, attempts, seconds, act) => {
    const story = limited();
    expect(await admitted((time) => act(story, time), attempts + 2)).toBe(attempts);
    story.clock.advance(seconds - 1);
    expect(await codeOf(act(story, 0))).toBe('rate_limited');
    story.clock.advance(1);
    expect(await admitted(() => act(story, 0), 1)).toBe(1);
  });

  it('of forgot-password lets an address ask five times in a quarter of an hour for an account, and keeps no other one from it', async () => {
    const { application, clock } = limited();
    const forgot = (caller: Anyone) => (time: number) =>
      application.forgotPassword.execute(caller, { email: time % 2 ? 'Ada@example.com' : emailOf('Ada') });
    expect(await admitted(forgot(elsewhere), 10)).toBe(5);
    expect(await admitted(forgot(home), 10)).toBe(5);
    clock.advance(899);
    expect(await admitted(forgot(elsewhere), 1)).toBe(0);
    clock.advance(1);
    expect(await admitted(forgot(elsewhere), 1)).toBe(1);
  });

  it.each<[LimitedName, number, number, (story: ReturnType<typeof limited>, ada: never) => Promise<unknown>]>([
    ['resendVerification', 5, 900, ({ application }, ada) => application.resendVerification.execute(ada)],
    [
      'changePassword',
      10,
      900,
      ({ application, faults }, ada) => {
        // A wrong password would end the session before the limit is reached.
        faults.fail('hasher.verify');
        const input = { currentPassword: 'wrong-1', newPassword: 'newSecret456' };
        return application.changePassword.execute(ada, input).finally(() => faults.clear());
      },
    ],
    [
      'changeEmail',
      5,
      900,
      ({ application }, ada) =>
        application.changeEmail.execute(ada, { currentPassword: 'wrong-1', newEmail: 'b@example.com' }),
    ],
    [
      'posts.create',
      300,
      3600,
      ({ application }, ada) =>
        application.createPost.execute(ada, { title: 'A first post', content: 'Twenty characters or more of it.' }),
    ],
  ])('of %s lets %i of a member through in %i seconds', async (_, attempts, seconds, act) => {
    const story = limited();
    const ada = (await story.member('Ada')) as never;
    expect(await admitted(() => act(story, ada), attempts + 2)).toBe(attempts);
    const bob = (await story.member('Bob')) as never;
    expect(await admitted(() => act(story, bob), 1)).toBe(1);
    story.clock.advance(seconds - 1);
    expect(await admitted(() => act(story, ada), 1)).toBe(0);
    story.clock.advance(1);
    expect(await admitted(() => act(story, ada), 1)).toBe(1);
  });

  it.each<[string, (time: number) => Anyone]>([
    ['without an address', () => anyone],
    ['with an empty address', () => ({ ip: '' })],
    ['with null for an address', () => ({ ip: null as never })],
    ['with text that is no address, another one each time', (time) => ({ ip: `host-${time}` })],
    ['with a port behind the address, another one each time', (time) => ({ ip: `203.0.113.7:${time}` })],
    ['with colons at random', (time) => ({ ip: `${':'.repeat(time)}x` })],
    ['with a megabyte for an address', (time) => ({ ip: `${time}:`.repeat(200_000) })],
    ['of all these kinds', (time) => [anyone, { ip: `x${time}` }, { ip: '::1::' }][time % 3] ?? anyone],
  ])('counts callers %s as one address', async (_, caller) => {
    const { application } = limited();
    const forgot = (time: number) =>
      application.forgotPassword.execute(caller(time), { email: `a${time}@example.com` });
    expect(await admitted(forgot, 40)).toBe(30);
    const fromHome = () => application.forgotPassword.execute(home, { email: emailOf('Ada') });
    expect(await admitted(fromHome, 1)).toBe(1);
  });

  it.each(['login', 'register', 'refresh', 'forgotPassword', 'resetPassword', 'verifyEmail'] as const)(
    'of %s holds for callers without an address, apart from every other limit',
    async (name) => {
      const { application } = limited({ [name]: { byAddress: { attempts: 2, seconds: 60 } } });
      const email = (time: number) => `a${time}@example.com`;
      const password = 'secret123';
      const acts: Record<typeof name, (time: number) => Promise<unknown>> = {
        login: (time) => application.login.execute(anyone, { email: email(time), password }),
        register: (time) =>
          application.register.execute(anyone, { name: 'Ada', email: email(time), password, profile: { age: 36 } }),
        refresh: () => application.refresh.execute(anyone, { refreshToken: 'none' }),
        forgotPassword: (time) => application.forgotPassword.execute(anyone, { email: email(time) }),
        resetPassword: () => application.resetPassword.execute(anyone, { token: 'none', newPassword: password }),
        verifyEmail: () => application.verifyEmail.execute(anyone, { token: 'none' }),
      };
      expect(await admitted(acts[name], 5)).toBe(2);
      const others = Object.values(acts).filter((act) => act !== acts[name]);
      for (const act of others) expect(await admitted(act, 1)).toBe(1);
    },
  );

  it('counts nothing that is invalid by itself', async () => {
    const { application, register } = limited();
    await register('Ada');
    for (let time = 0; time < 10; time += 1) {
      await codeOf(application.login.execute(home, { email: emailOf('Ada'), password: 7 as never }));
    }
    expect(await admitted(() => application.login.execute(home, { email: emailOf('Ada'), password: 'x' }), 10)).toBe(5);
  });

  it('that is off counts nothing, and takes no account for guessed', async () => {
    const { register, login, calls, audited } = scenario({ limits: 'off' });
    await register('Ada');
    for (let time = 0; time < 120; time += 1)
      expect(await codeOf(login('Ada', 'wrong-1', home))).toBe('invalid_credentials');
    expect(await login('Ada', 'secret123', home)).toMatchObject({ tokenType: 'bearer' });
    expect(calls.filter((call) => call.startsWith('rateLimiter'))).toEqual([]);
    expect((await audited()).map(({ type }) => type)).not.toContain('user.login_slowed');
  });

  it('lets no attempt in uncounted', async () => {
    const { register, login, ports } = limited();
    await register('Ada');
    ports.rateLimiter.countInTurn = () => Promise.reject(new SallyportError('unavailable'));
    expect(await codeOf(login('Ada', 'secret123', home))).toBe('unavailable');
  });

  it('comes before everything that costs', async () => {
    const { login, calls } = limited();
    for (let time = 0; time < 5; time += 1) await codeOf(login('Ada', 'wrong-1', home));
    calls.length = 0;
    expect(await codeOf(login('Ada', 'wrong-1', home))).toBe('rate_limited');
    expect(calls.filter((call) => !/^(rateLimiter|secrets)\./.test(call))).toEqual([]);
  });

  /** The buckets that are counted in from here on, and the digest that names them. */
  function buckets({ rateLimiter, secrets }: ReturnType<typeof scenario>['ports'], digest: (text: string) => string) {
    const names: string[] = [];
    const count = rateLimiter.count.bind(rateLimiter);
    rateLimiter.count = (bucket, window) => {
      names.push(bucket);
      return count(bucket, window);
    };
    const countInTurn = rateLimiter.countInTurn.bind(rateLimiter);
    rateLimiter.countInTurn = (limited, at) => {
      names.push(...limited.map(({ bucket }) => bucket));
      return countInTurn(limited, at);
    };
    secrets.keyedDigest = digest;
    return names;
  }

  it('names its buckets so that they reveal no account', async () => {
    const { login, ports } = scenario({ limits: generousLimits });
    const names = buckets(ports, (text) => `digest of ${text.length}`);
    await codeOf(login('Ada', 'wrong-1', home));
    expect(names).toEqual([
      expect.stringMatching(/^login:digest of \d+$/),
      expect.stringMatching(/^login:digest of \d+$/),
      expect.stringMatching(/^failures:digest of \d+$/),
    ]);
  });

  it('keeps the names of its buckets: an update gives a guesser no fresh start', async () => {
    const { application, login, ports } = scenario({ limits: generousLimits });
    const names = buckets(ports, (text) => text);
    for (let time = 0; time < guessedFrom; time += 1) await codeOf(login('Ada', 'wrong-1', home));
    names.length = 0;
    await codeOf(login('Ada', 'wrong-1', elsewhere));
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    expect(names).toEqual([
      'login:["address","198.51.100.1"]',
      'login:["pair","ada@example.com","198.51.100.1"]',
      'slowed:["other","ada@example.com","198.51.100.0/24"]',
      'slowed:["others","ada@example.com"]',
      'failures:["ada@example.com"]',
      'forgotPassword:["address",""]',
      'forgotPassword:["pair","ada@example.com",""]',
    ]);
  });
});
