import { describe, expect, it } from 'vitest';
import { day, from, home, hour, withAda } from '../../test/limited-mails.ts';
import { emailOf, password } from '../../test/scenario.ts';
import { withOrigin } from '../model/genuine-callers.ts';

describe('A recipient', () => {
  it('gets two mails an hour and three a day that one network causes, and the answers stay the same', async () => {
    const { forgot, leaving, clock } = await withAda();
    const answers = new Set<string>();
    for (let n = 0; n < 10; n += 1) answers.add(JSON.stringify(await forgot({ ip: `198.51.100.${n}` })));
    expect(await leaving()).toBe(2);
    clock.advance(hour);
    for (let n = 0; n < 10; n += 1) answers.add(JSON.stringify(await forgot({ ip: `198.51.100.${n}` })));
    expect(await leaving()).toBe(1);
    clock.advance(hour);
    await forgot({ ip: '198.51.100.1' });
    expect(await leaving()).toBe(0);
    clock.advance(day);
    await forgot({ ip: '198.51.100.1' });
    expect(await leaving()).toBe(1);
    expect(answers.size).toBe(1);
  });

  it('gets five an hour and seven a day that all networks together cause, however many they are', async () => {
    const { forgot, leaving, clock } = await withAda();
    for (let n = 0; n < 50; n += 1) await forgot(from(n));
    expect(await leaving()).toBe(5);
    let later = 0;
    for (let hours = 1; hours < 24; hours += 1) {
      clock.advance(hour);
      for (let n = 0; n < 10; n += 1) await forgot(from(hours * 50 + n));
      later += await leaving();
    }
    expect(later).toBe(2);
  });

  it('gets three a day that a network causes where the account has signed in, whatever others cause', async () => {
    const { verify, forgot, leaving, clock, login } = await withAda();
    await verify();
    await login('Ada', password, home);
    for (let n = 0; n < 50; n += 1) await forgot(from(n));
    expect(await leaving()).toBe(5);
    for (let n = 0; n < 5; n += 1) await forgot(home);
    expect(await leaving()).toBe(2);
    clock.advance(hour);
    for (let n = 100; n < 150; n += 1) await forgot(from(n));
    expect(await leaving()).toBe(2);
    for (let n = 0; n < 5; n += 1) await forgot(home);
    expect(await leaving()).toBe(1);
  });

  it('gets three such mails a day, from however many networks that the account knows', async () => {
    const { verify, forgot, leaving, clock, login } = await withAda();
    await verify();
    const office = { ip: '198.51.100.7' };
    for (const place of [home, office]) await login('Ada', password, place);
    for (let hours = 0; hours < 2; hours += 1) {
      for (let n = 0; n < 50; n += 1) await forgot(from(hours * 50 + n));
      await leaving();
      clock.advance(hour);
    }
    for (let times = 0; times < 3; times += 1) for (const place of [home, office]) await forgot(place);
    expect(await leaving()).toBe(3);
  });

  it('keeps these three when a stranger registers a subaddress, signs in and has mails sent there', async () => {
    const { verify, forgot, leaving, clock, login, application, register } = await withAda();
    await verify();
    await login('Ada', password, home);
    const email = 'ada+eve@example.com';
    const stranger = from(1);
    await register('Eve', { email });
    await application.login.execute(stranger, { email, password });
    for (let hours = 0; hours < 3; hours += 1) {
      for (let n = 0; n < 3; n += 1) await forgot(stranger, email);
      for (let n = 0; n < 10; n += 1) await forgot(from(10 * hours + n + 2));
      await leaving();
      clock.advance(hour);
    }
    for (let n = 0; n < 2; n += 1) await forgot(home);
    expect(await leaving()).toBe(2);
  });

  it('is limited over all kinds that others can cause', async () => {
    const { application, login, leaving, session, forgot } = await withAda();
    await login('Ada');
    const ada = withOrigin(await session('Ada'), from(1));
    await application.resendVerification.execute(ada);
    await forgot(from(1));
    await application.resendVerification.execute(ada);
    expect(await leaving()).toBe(2);
  });

  it('is a stranger too, whose address a member names as the new one', async () => {
    const { application, session, clock, deliver } = await withAda();
    const victim = 'victim@example.org';
    const toVictim = async () => (await deliver()).filter(({ to }) => to === victim).length;
    const ada = withOrigin(await session('Ada'), home);
    const change = () => application.changeEmail.execute(ada, { newEmail: victim, currentPassword: password });
    for (let n = 0; n < 20; n += 1) await change();
    expect(await toVictim()).toBe(2);
    clock.advance(hour);
    for (let n = 0; n < 20; n += 1) await change();
    expect(await toVictim()).toBe(1);
  });

  it('is another one under another address, and no other spelling is another recipient', async () => {
    const { forgot, leaving, register } = await withAda();
    await register('Bob');
    await leaving();
    for (const email of [emailOf('Ada'), 'ADA@example.com', ' Ada@Example.com ']) await forgot(from(1), email);
    expect(await leaving()).toBe(2);
    await forgot(from(1), emailOf('Bob'));
    expect(await leaving()).toBe(1);
  });

  it('is the mailbox of a subaddress too', async () => {
    const { register, leaving } = await withAda();
    for (let n = 0; n < 5; n += 1) await register(`Eve${n}`, { email: `victim+${n}@example.org` });
    expect(await leaving()).toBe(2);
  });

  it('is one mailbox of Gmail, wherever its address has dots and whichever of its domains it names', async () => {
    const { register, leaving } = await withAda();
    const spellings = ['v.ictim', 'vi.ctim', 'v.i.ctim', 'vic.tim+x', 'victim'].flatMap((local) => [
      `${local}@gmail.com`,
      `${local}@googlemail.com`,
    ]);
    for (const [n, email] of spellings.entries()) await register(`Eve${n}`, { email });
    expect(await leaving()).toBe(2);
    for (const email of ['v.ictim@example.org', 'vic.tim@example.org']) await register(email, { email });
    expect(await leaving()).toBe(2);
  });

  it('gets whatever an admin causes', async () => {
    const { application, admin, ada, leaving } = await withAda();
    const grace = withOrigin(await admin('Grace'), home);
    await leaving();
    for (let n = 0; n < 8; n += 1) await application.sendPasswordReset.execute(grace, { id: ada.id });
    expect(await leaving()).toBe(8);
  });

  it('is not limited where limits are off', async () => {
    const { forgot, leaving } = await withAda({ limits: 'off' });
    for (let n = 0; n < 12; n += 1) await forgot(home);
    expect(await leaving()).toBe(12);
  });

  it('is told in the audit what was withheld', async () => {
    const { forgot, leaving, audited } = await withAda();
    for (let n = 0; n < 3; n += 1) await forgot(home);
    await leaving();
    expect((await audited()).at(-1)).toMatchObject({ type: 'mail.withheld', detail: { kind: 'reset-password' } });
  });
});

describe('A mail', () => {
  it('counts once, however often it is tried', async () => {
    const { forgot, leaving, clock, faults } = await withAda();
    await forgot(home);
    faults.fail('mailer.send', new Error('450 Try again later'), 5);
    for (let attempts = 0; attempts < 5; attempts += 1) {
      expect(await leaving()).toBe(0);
      clock.advance(60);
    }
    expect(await leaving()).toBe(1);
    await forgot(home);
    expect(await leaving()).toBe(1);
  });

  it.each<[string, (story: Awaited<ReturnType<typeof withAda>>) => unknown]>([
    ['while the limiter was away', ({ faults }) => faults.fail('rateLimiter.countInTurn')],
    ['while accounts could not be read', ({ faults }) => faults.fail('users.findCredentials')],
    [
      'by a node that died',
      ({ ports, clock }) =>
        ports.unitOfWork.run(({ outbox }) => {
          const at = clock.now();
          return outbox.claim({ at, until: new Date(at.getTime() + 60_000), limit: 1 });
        }),
    ],
  ])('counts at its second attempt, if the first was made %s', async (_, interrupt) => {
    const story = await withAda();
    const { forgot, leaving, clock } = story;
    await forgot(home);
    await interrupt(story);
    await leaving();
    clock.advance(60);
    let left = await leaving();
    for (let n = 0; n < 3; n += 1) await forgot(home);
    left += await leaving();
    expect(left).toBe(2);
  });

  it('is withheld at a later attempt too, if the first could not count it', async () => {
    const { forgot, leaving, clock, faults, audited } = await withAda();
    for (let n = 0; n < 2; n += 1) await forgot(home);
    expect(await leaving()).toBe(2);
    await forgot(home);
    faults.fail('rateLimiter.countInTurn');
    expect(await leaving()).toBe(0);
    clock.advance(60);
    expect(await leaving()).toBe(0);
    expect((await audited()).at(-1)).toMatchObject({ type: 'mail.withheld' });
  });

  it('is not lost while attempts cannot be counted', async () => {
    const { forgot, leaving, clock, faults } = await withAda();
    await forgot(home);
    faults.fail('rateLimiter.countInTurn');
    expect(await leaving()).toBe(0);
    clock.advance(60);
    expect(await leaving()).toBe(1);
  });
});
