import {
  anyone,
  defineModule,
  isSallyportError,
  NoInput,
  type PasswordHasher,
  useCase,
  wholeNumber,
} from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { describe, expect, it } from 'vitest';
import { memoryPosts } from '../posts/index.ts';
import { PlainPasswordHasher, type TestApplication, testApplication } from './index.ts';

const wrong = { email: 'ada@example.com', password: 'wrong secret' };

/** Fails to log in so often, and returns the code of the last refusal. */
async function failToLogIn({ application }: TestApplication, times: number): Promise<unknown> {
  let code: unknown;
  for (let count = 0; count < times; count += 1) {
    const error: unknown = await application.login.execute(anyone, wrong).catch((reason: unknown) => reason);
    code = isSallyportError(error) && error.code;
  }
  return code;
}

describe('A test application', () => {
  it('starts empty and shares nothing with another', async () => {
    const [here, there] = [testApplication(), testApplication()];
    const [ada, other] = [await here.member('Ada'), await there.member('Ada')];
    expect(other.user).toEqual(ada.user);
    await expect(there.application.getProfile.execute(ada)).rejects.toMatchObject({ code: 'not_authenticated' });
  });

  it('limits nothing unless its options have limits', async () => {
    expect(await failToLogIn(testApplication(), 60)).toBe('invalid_credentials');
    expect(await failToLogIn(testApplication({ limits: undefined }), 60)).toBe('invalid_credentials');
    expect(await failToLogIn(testApplication({ limits: {} }), 6)).toBe('rate_limited');
    const once = { byAddress: { attempts: 1, seconds: 60 } };
    expect(await failToLogIn(testApplication({ limits: { login: once } }), 2)).toBe('rate_limited');
  });

  it('has the policy and the hooks of its options', async () => {
    const { application, member } = testApplication({
      accessTokenLifetime: 60,
      hooks: { refuseAccount: ({ name }) => (name === 'Mallory' ? 'Not you' : undefined) },
    });
    expect(application.policy.accessTokenLifetime).toBe(60);
    await expect(member('Mallory')).rejects.toThrow('Not you');
  });

  it('runs modules on their parts of the store', async () => {
    const { application, ports, member } = testApplication({ modules: [posts], parts: [memoryPosts] });
    const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
    const { id } = await application.use(posts).createPost.execute(await member(), text);
    expect(await ports.posts.findWithAuthor(id)).toMatchObject({ post: text });
  });

  it('runs on the ports that replace its own, and has those that a module adds', async () => {
    class Shouting extends PlainPasswordHasher implements PasswordHasher {
      override hash(password: string): Promise<string> {
        return super.hash(password.toUpperCase());
      }
    }
    interface Needs {
      readonly oracle: { answer(): Promise<number> };
    }
    const ask = useCase({
      caller: 'anyone',
      input: NoInput,
      output: wholeNumber(0, 100),
      errors: [],
      run: ({ oracle }: Needs) => oracle.answer(),
    });
    const oracles = defineModule({ name: 'oracles', useCases: { ask } });
    const replaced = { hasher: new Shouting(), oracle: { answer: async () => 42 } };
    const { application, ports, member } = testApplication({ modules: [oracles], ports: replaced });
    expect(ports.oracle).toBe(replaced.oracle);
    expect(await application.use(oracles).ask.execute(anyone)).toBe(42);
    await expect(member()).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  it('has a clock that the test moves', async () => {
    const { application, clock, member, credentialsOf } = testApplication();
    const credentials = credentialsOf(await member());
    clock.advance(30 * 60 - 1);
    await application.authenticate.execute(anyone, credentials);
    clock.advance(1);
    await expect(application.authenticate.execute(anyone, credentials)).rejects.toMatchObject({
      code: 'invalid_token',
    });
  });

  it('sends the mails that are due when the test says so', async () => {
    const { mailbox, deliver, member } = testApplication();
    for (let count = 0; count < 30; count += 1) await member();
    expect(mailbox.mails).toEqual([]);
    const sent = await deliver();
    expect(sent).toHaveLength(30);
    expect(mailbox.mails).toEqual(sent);
    await member('Ada');
    expect(await deliver()).toMatchObject([{ kind: 'verify-email', to: 'ada@example.com' }]);
    expect(await deliver()).toEqual([]);
  });

  it('finds the token of a mailed link', async () => {
    const { application, member, mailedToken } = testApplication();
    const { email } = (await member('Ada')).user;
    await application.forgotPassword.execute(anyone, { email });
    const token = await mailedToken(email, 'reset-password');
    await application.resetPassword.execute(anyone, { token, newPassword: 'newSecret456' });
    await application.login.execute(anyone, { email, password: 'newSecret456' });
    await expect(mailedToken(email, 'invitation')).rejects.toThrow(
      new Error('No token was mailed to ada@example.com by a mail "invitation"'),
    );
  });
});
