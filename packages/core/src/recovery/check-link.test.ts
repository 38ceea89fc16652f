import { describe, expect, it } from 'vitest';
import { emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

const newPassword = 'newSecret456';
const newEmail = 'countess@example.org';

type Page = 'reset-password' | 'verify-email';

/** Ada, and links of each kind. */
async function withLinks() {
  const story = scenario();
  const { application, mailedToken } = story;
  const ada = await story.member('Ada');
  await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
  await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
  const links = {
    reset: await mailedToken(emailOf('Ada'), 'reset-password'),
    verify: await mailedToken(emailOf('Ada'), 'verify-email'),
    change: await mailedToken(newEmail, 'change-email'),
  };
  const look = (token: string, page: Page) => application.checkLink.execute(anyone, { token, page });
  const isValid = async (token: string, page: Page) => (await look(token, page)) !== undefined;
  const reset = (token: string) => application.resetPassword.execute(anyone, { token, newPassword });
  const verify = (token: string) => application.verifyEmail.execute(anyone, { token });
  return { ...story, ada, links, look, isValid, reset, verify };
}

describe('CheckLink', () => {
  it('finds a link valid on its own page, as often as it is asked, and leaves it valid', async () => {
    const { links, isValid, reset } = await withLinks();
    for (let times = 0; times < 3; times += 1) {
      expect(await isValid(links.reset, 'reset-password')).toBe(true);
      expect(await isValid(links.verify, 'verify-email')).toBe(true);
      expect(await isValid(links.change, 'verify-email')).toBe(true);
    }
    expect(await isValid(links.reset, 'verify-email')).toBe(false);
    expect(await isValid(links.verify, 'reset-password')).toBe(false);
    for (const token of ['', 'x', links.reset.slice(0, -1)]) expect(await isValid(token, 'reset-password')).toBe(false);
    expect(await reset(links.reset)).toBeUndefined();
  });

  it('names the address that the link was mailed to, and no other', async () => {
    const { links, look } = await withLinks();
    expect(await look(links.reset, 'reset-password')).toEqual({ email: emailOf('Ada') });
    expect(await look(links.verify, 'verify-email')).toEqual({ email: emailOf('Ada') });
    expect(await look(links.change, 'verify-email')).toEqual({ email: newEmail });
  });

  it('finds a link invalid in every case in which it could not be used', async () => {
    type Story = Awaited<ReturnType<typeof withLinks>>;
    const cases: [keyof Story['links'], Page, (story: Story) => unknown][] = [
      ['reset', 'reset-password', ({ reset, links }) => reset(links.reset)],
      ['reset', 'reset-password', ({ clock }) => clock.advance(30 * 60)],
      ['reset', 'reset-password', ({ verify, links }) => verify(links.change)],
      ['reset', 'reset-password', ({ application, ada }) => application.deactivate.execute(ada)],
      ['reset', 'reset-password', ({ application, ada }) => application.deleteAccount.execute(ada)],
      ['verify', 'verify-email', ({ verify, links }) => verify(links.change)],
      ['verify', 'verify-email', ({ clock }) => clock.advance(48 * 60 * 60)],
    ];
    for (const [kind, page, act] of cases) {
      const story = await withLinks();
      await act(story);
      expect(await story.isValid(story.links[kind], page)).toBe(false);
      const use = page === 'reset-password' ? story.reset : story.verify;
      await expect(use(story.links[kind])).rejects.toMatchObject({ code: 'invalid_one_time_token' });
    }
  });

  it('finds a used link that confirms an address valid while it may be repeated', async () => {
    const { links, isValid, verify, ports, ada } = await withLinks();
    await verify(links.change);
    expect(await isValid(links.change, 'verify-email')).toBe(true);
    await ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { emailVerified: false }));
    expect(await isValid(links.change, 'verify-email')).toBe(false);
    await expect(verify(links.change)).rejects.toMatchObject({ code: 'invalid_one_time_token' });
  });
});

describe('RequestVerification', () => {
  it('mails the link to an owner whose address is not confirmed, and to no other', async () => {
    const { application, mailsTo, verify, links } = await withLinks();
    const request = (email: string) => application.requestVerification.execute(anyone, { email });
    await request(emailOf('Nemo'));
    expect(await mailsTo(emailOf('Nemo'))).toEqual([]);
    const before = await mailsTo(emailOf('Ada'));
    await verify(links.verify);
    await request(emailOf('Ada'));
    expect(await mailsTo(emailOf('Ada'))).toEqual(before);
  });

  it('does the same work for every address', async () => {
    const { application, calls } = await withLinks();
    for (const name of ['Ada', 'Nemo']) {
      calls.length = 0;
      expect(await application.requestVerification.execute(anyone, { email: emailOf(name) })).toBeUndefined();
      expect(calls.filter((call) => !/^(rateLimiter|secrets)\./.test(call))).toEqual(['transaction', 'outbox.append']);
    }
  });
});
