import { memoryPorts } from '@sallyport/adapters-memory/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../test/scenario.ts';
import { createApplication, useCases } from './application.ts';
import { anyone } from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import { Email } from './model/email.ts';
import { NewPassword } from './model/password.ts';
import { ExternalId, Name } from './model/user.ts';
import { parse } from './model/input.ts';
import { defaultPolicy, secondsAfter } from './model/policy.ts';
import { Content, Title } from './posts/post.ts';

describe('createApplication', () => {
  it('builds each use case of the table', () => {
    const { application } = createApplication(memoryPorts());
    expect(Object.keys(application)).toEqual([...Object.keys(useCases), 'use', 'join', 'events', 'policy']);
    for (const name of Object.keys(useCases)) {
      expect(application).toHaveProperty(name, { execute: expect.any(Function), attempt: expect.any(Function) });
    }
  });

  it('makes applications that know nothing of each other', async () => {
    const [here, there] = [scenario(), scenario()];
    await here.register('Ada');
    expect(await there.register('Ada')).toMatchObject({ id: 1 });
  });

  it('decides as the default policy does where nothing is said', async () => {
    const { application, ports, clock, register, login, member } = scenario();
    await register('Ada');
    const { expiresIn, accessToken } = await login('Ada');
    expect(expiresIn).toBe(30 * 60);

    const { sessionId } = await application.authenticate.execute(anyone, { accessToken });
    const found = await ports.sessions.findWithUser(sessionId);
    expect(found?.session.expiresAt).toEqual(secondsAfter(clock.now(), 90 * 24 * 60 * 60));
    expect((await application.listUsers.execute(await member('Bob'), {})).items).toHaveLength(2);
    expect(defaultPolicy).toHaveProperty('userDirectory', 'members');
  });

  it('keeps the default for what the policy leaves out', async () => {
    const { application, ports, clock, member } = scenario({ accessTokenLifetime: 60 });
    const { sessionId } = await member('Ada');
    const { expiresIn } = await application.login.execute(anyone, { email: emailOf('Ada'), password });
    const found = await ports.sessions.findWithUser(sessionId);
    expect(expiresIn).toBe(60);
    expect(found?.session.expiresAt).toEqual(secondsAfter(clock.now(), 90 * 24 * 60 * 60));
  });

  it('decides as the default policy does for what is undefined, the limits of one use case too', async () => {
    const { application, member } = scenario({ accessTokenLifetime: undefined, userDirectory: undefined });
    expect((await application.listUsers.execute(await member('Ada'))).items).toHaveLength(1);
    for (const limits of [undefined, { login: undefined }]) {
      const { login } = createApplication(memoryPorts(), { limits }).application;
      const attempt = () => codeOf(login.execute(anyone, { email: emailOf('Ada'), password }));
      for (let times = 0; times < 5; times += 1) expect(await attempt()).toBe('invalid_credentials');
      expect(await attempt()).toBe('rate_limited');
    }
  });

  it('decides as the policy says', async () => {
    const { application, ports, clock, member } = scenario({ sessionLifetime: 120, userDirectory: 'admins' });
    const ada = await member('Ada');
    const found = await ports.sessions.findWithUser(ada.sessionId);
    expect(found?.session.expiresAt).toEqual(secondsAfter(clock.now(), 120));
    expect(await codeOf(application.listUsers.execute(ada, {}))).toBe('admin_required');
  });
});

describe('A use case', () => {
  it('passes on that a port is unavailable, and when to come back', async () => {
    const { application, faults, register, login } = scenario();
    const shed = new SallyportError('unavailable', { retryAfter: 2 });
    faults.fail('hasher.hash', shed);
    await expect(register('Ada')).rejects.toBe(shed);
    expect(await register('Ada')).toMatchObject({ id: 1 });

    faults.fail('hasher.verify', shed);
    await expect(login('Ada')).rejects.toBe(shed);

    faults.fail('sessions.findWithUser', shed);
    const { accessToken } = await login('Ada');
    await expect(application.authenticate.execute(anyone, { accessToken })).rejects.toBe(shed);
  });

  it('hides no fault that is not its own', async () => {
    const { application, system, faults } = scenario();
    const fault = new TypeError('row is not a function');
    faults.fail('users.list', fault);
    const input = { email: 'root@example.com', password };
    await expect(application.bootstrapAdmin.execute(system, input)).rejects.toBe(fault);
  });
});

describe('An input', () => {
  it.each(Object.entries({ Name, ExternalId, Email, NewPassword, Title, Content }))(
    'has in its schema %s an example that it accepts',
    (_, schema) => {
      const { examples: described = [] } = v.getMetadata(schema) as { readonly examples?: readonly unknown[] };
      const examples: unknown[] = [...v.getExamples(schema), ...described];
      expect(examples).not.toEqual([]);
      expect(examples).not.toContain('');
      for (const example of examples) expect(parse(schema, example)).toBe(example);
    },
  );

  it('marks addresses and secrets in its schemas', () => {
    expect(v.getMetadata(Email)).toHaveProperty('format', 'email');
    expect(v.getMetadata(NewPassword)).toHaveProperty('format', 'password');
  });
});
