import {
  FewCommonPasswords,
  ManualClock,
  OpaqueAccessTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from '@sallyport/adapters-memory/testing';
import { anyone, type Application, SallyportError } from '@sallyport/core';
import { ContainerModule } from 'inversify';
import { describe, expect, it, vi } from 'vitest';
import { openRedisDouble } from '../../../../test/redis-double.ts';
import { createLog } from '../log.ts';
import { compose, parts, ports, readConfig, replace, useCaseTokens, wrap } from '../index.ts';

const config = readConfig({ DATABASE_URL: 'memory:', LOG_LEVEL: 'silent' });
const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123', profile: { age: 36, city: 'London' } };
const credentials = { email: ada.email, password: ada.password };
const noon = new Date('2026-01-01T12:00:00Z');

const plainHasher = () => replace(ports.hasher, new PlainPasswordHasher());

async function composed(...overrides: ContainerModule[]): Promise<Application> {
  return (await compose(config, plainHasher(), ...overrides)).application;
}

describe('compose', () => {
  it('binds every port, every use case and every part', async () => {
    const tokens = [ports, useCaseTokens, parts].flatMap((table) => Object.entries<symbol>(table));
    let unbound: string[] | undefined;
    const look = new ContainerModule(({ isBound }) => {
      unbound = tokens.filter(([, token]) => !isBound(token)).map(([name]) => name);
    });
    await composed(look);
    expect(unbound).toEqual([]);
  });

  it('puts the use cases together with their ports', async () => {
    const { register, login, authenticate, getProfile } = await composed();
    const user = await register.execute(anyone, ada);
    const { accessToken } = await login.execute(anyone, credentials);
    const member = await authenticate.execute(anyone, { accessToken });
    expect(await getProfile.execute(member)).toEqual(user);
  });

  it('gives each composition one store, and one of its own', async () => {
    const [one, other] = await Promise.all([composed(), composed()]);
    await one.register.execute(anyone, ada);
    await expect(one.register.execute(anyone, ada)).rejects.toMatchObject({ code: 'email_taken' });
    await other.register.execute(anyone, ada);
  });

  it('lets a test own the time', async () => {
    const clock = new ManualClock(noon);
    const { register, login, authenticate } = await composed(replace(ports.clock, clock));
    expect((await register.execute(anyone, ada)).createdAt).toEqual(noon);

    const { accessToken, expiresIn } = await login.execute(anyone, credentials);
    clock.advance(expiresIn - 1);
    await authenticate.execute(anyone, { accessToken });
    clock.advance(1);
    await expect(authenticate.execute(anyone, { accessToken })).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('hands a port that is replaced to every use case that needs it', async () => {
    const { register, login, authenticate } = await composed(
      replace(ports.accessTokens, new OpaqueAccessTokens()),
      replace(ports.secrets, new SequentialSecrets()),
      replace(ports.commonPasswords, new FewCommonPasswords()),
    );
    await register.execute(anyone, ada);
    const { accessToken } = await login.execute(anyone, credentials);
    expect(accessToken).toMatch(/^access-1-/);
    const { sessionId } = await authenticate.execute(anyone, { accessToken });
    expect(sessionId).toBe('AAAAAAAAAAAAAAAAAAAAAQ');
  });

  it('serves what a use case is replaced by', async () => {
    const refuse = async () => {
      throw new SallyportError('admin_required');
    };
    const closed = replace(useCaseTokens.register, { execute: refuse, attempt: refuse });
    const { http, close } = await compose(config, plainHasher(), closed);
    const { port } = await http.listen(0, '127.0.0.1');
    const response = await fetch(`http://127.0.0.1:${port}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ada),
    });
    expect(response.status).toBe(403);
    await close();
  });

  it('tells a log that is replaced what happens beside requests, too', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const { register, events } = await composed(replace(parts.log, log));
    events.on('user.registered', () => {
      throw new Error('No room');
    });
    await register.execute(anyone, ada);
    await vi.waitFor(() => expect(lines).toEqual([expect.stringMatching(/No room.*A subscriber failed/)]));
  });

  it('puts something around a port or a use case, and around what took its place', async () => {
    const hashed: string[] = [];
    const { register } = await composed(
      wrap(ports.hasher, (hasher) => ({
        hash(password) {
          hashed.push(password);
          return hasher.hash(password);
        },
        verify: (password, hash) => hasher.verify(password, hash),
        accepts: (hash) => hasher.accepts(hash),
        needsRehash: (hash) => hasher.needsRehash(hash),
      })),
      wrap(useCaseTokens.register, (inner) => {
        const { execute } = inner;
        return Object.assign(inner, {
          execute: (...[caller, input]: Parameters<typeof execute>) =>
            execute.call(inner, caller, { ...input, name: 'Countess' }),
        });
      }),
    );
    expect(await register.execute(anyone, ada)).toMatchObject({ name: 'Countess' });
    expect(hashed).toEqual([ada.password]);
  });

  it('takes the last of two replacements', async () => {
    const later = new Date('2027-01-01T00:00:00Z');
    const clocks = [noon, later].map((now) => replace(ports.clock, new ManualClock(now)));
    const { register } = await composed(...clocks);
    expect((await register.execute(anyone, ada)).createdAt).toEqual(later);
  });

  it('gives the policy of the configuration to the use cases', async () => {
    const strict = readConfig({ DATABASE_URL: 'memory:', LOG_LEVEL: 'silent', ACCESS_TOKEN_EXPIRE_MINUTES: '5' });
    const { application: app } = await compose(strict, plainHasher());
    await app.register.execute(anyone, ada);
    expect((await app.login.execute(anyone, credentials)).expiresIn).toBe(300);
  });

  it('generates no secret key where one is given, and keeps none for a store in memory', async () => {
    expect((await compose(config)).generatedSecretKey).toBeUndefined();
    const given = readConfig({ DATABASE_URL: 'memory:', SECRET_KEY: 'x'.repeat(32), LOG_LEVEL: 'silent' });
    expect((await compose(given)).generatedSecretKey).toBeUndefined();
  });

  it('counts in the Redis that the configuration names, and lets go of it in the end', async () => {
    const double = await openRedisDouble();
    const named = readConfig({ DATABASE_URL: 'memory:', LOG_LEVEL: 'silent', REDIS_URL: double.url });
    const { application, close } = await compose(named, plainHasher());
    const before = double.commands.length;
    await expect(application.login.execute({ ip: '192.0.2.1' }, credentials)).rejects.toThrow('Invalid email');
    expect(double.commands.length).toBeGreaterThan(before);
    expect(double.connections()).toBe(1);
    await close();
    await vi.waitFor(() => expect(double.connections()).toBe(0));
  });
});
