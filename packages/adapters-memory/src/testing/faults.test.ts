import { anyone, SallyportError } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { describe, expect, it } from 'vitest';
import { memoryPosts } from '../posts/index.ts';
import { withFaults } from './faults.ts';
import { memoryPorts, testApplication } from './index.ts';

const account = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };

describe('A fault', () => {
  it('makes the next call of a method fail, as a port that is unavailable does', async () => {
    const { application, ports, faults } = testApplication();
    const register = () => application.register.execute(anyone, account);
    faults.fail('hasher.hash');
    await ports.hasher.hash('a call of the test');
    await expect(register()).rejects.toEqual(new SallyportError('unavailable'));
    expect(await register()).toMatchObject({ name: 'Ada' });
  });

  it('fails with an error of the test, and so often as the test says', async () => {
    const { application, faults } = testApplication();
    const register = () => application.register.execute(anyone, account);
    const broken = new Error('The connection was reset');
    faults.fail('unitOfWork.run', broken, 2);
    await expect(register()).rejects.toBe(broken);
    await expect(register()).rejects.toBe(broken);
    expect(await register()).toMatchObject({ name: 'Ada' });
  });

  it('lasts until it is cleared, if the test says so', async () => {
    const { mailbox, member, deliver, clock, faults } = testApplication();
    await member('Ada');
    faults.fail('mailer.send', new Error('450 Try again later'), Infinity);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      expect(await deliver()).toEqual([]);
      clock.advance(600);
    }
    faults.before('mailer.send', () => Promise.reject(new Error('cleared too')));
    faults.clear();
    await deliver();
    expect(mailbox.mails).toMatchObject([{ kind: 'verify-email' }]);
  });

  it('rolls a transaction back, of which a method fails', async () => {
    const { application, ports, faults } = testApplication();
    faults.fail('transaction.audit.append');
    const attempt = application.register.execute(anyone, account);
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ports.users.list({}, { skip: 0, limit: 1 })).toEqual([]);
  });

  it('hits what a module adds to a transaction', async () => {
    const { application, member, faults } = testApplication({ modules: [posts], parts: [memoryPosts] });
    const create = application.use(posts).createPost;
    faults.fail('transaction.posts.append');
    const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
    await expect(create.execute(await member(), text)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('rolls the transaction back even if the failure is caught', async () => {
    const ports = memoryPorts();
    const { faulty, faults } = withFaults(ports);
    faults.fail('transaction.outbox.cancel');
    const attempt = faulty.unitOfWork.run(async ({ users, outbox }) => {
      await users.append({
        ...account,
        email: 'ada@example.com' as never,
        profile: {},
        role: 'user',
        isActive: true,
        emailVerified: false,
        createdAt: new Date(),
        passwordHash: undefined,
      });
      await outbox.cancel(1).catch(() => {});
    });
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ports.users.list({}, { skip: 0, limit: 1 })).toEqual([]);
  });

  it('can be that of the commit, after which nothing is stored and nothing published', async () => {
    const { application, ports, faults } = testApplication();
    const events: string[] = [];
    application.events.on('*', ({ type }) => void events.push(type));
    faults.fail('commit');
    const attempt = application.register.execute(anyone, account);
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ports.users.list({}, { skip: 0, limit: 1 })).toEqual([]);
    expect(events).toEqual([]);
  });
});

describe('An act before a method', () => {
  it('happens once, between what a use case read and its transaction', async () => {
    const { application, member, faults } = testApplication();
    const ada = await member('Ada');
    let acts = 0;
    faults.before('unitOfWork.run', async () => {
      acts += 1;
      await application.deleteAccount.execute(ada);
    });
    const changes = { currentPassword: 'secret123', newPassword: 'newSecret456' };
    const attempt = application.changePassword.execute(ada, changes);
    await expect(attempt).rejects.toMatchObject({ code: 'user_no_longer_exists' });
    expect(acts).toBe(1);
  });

  it('happens before a failure of the same method', async () => {
    const { application, member, faults } = testApplication();
    const order: string[] = [];
    faults.before('users.findCredentials', async () => void order.push('act'));
    faults.fail('users.findCredentials');
    await member('Ada').catch(() => order.push('failure'));
    expect(order).toEqual(['act', 'failure']);
    expect(await application.login.execute(anyone, account)).toHaveProperty('accessToken');
  });

  it.each(['unitOfWork.ran', 'mailer', 'mailer.send.twice', 'nothing.send'])('has no point called %s', (point) => {
    const { faults } = testApplication();
    expect(() => faults.fail(point as never)).toThrow(`There is no ${point} to fail or to act before`);
    expect(() => faults.before(point as never, async () => {})).toThrow(`There is no ${point}`);
    expect(() => faults.before('commit' as never, async () => {})).toThrow('There is no commit');
  });

  it('has no point called transaction.nothing.append, as the next transaction says', async () => {
    const { faults, member } = testApplication();
    faults.fail('transaction.nothing.append' as never);
    await expect(member('Ada')).rejects.toThrow('There is no transaction.nothing.append');
  });
});
