import { isSallyportError } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/index.ts';
import { type Answer, login, startServer, type TestServer } from './start-server.ts';

interface Owner {
  readonly email: string;
  readonly name: string;
}

/** A person who is about to choose a password. */
interface Chooser extends Owner {
  /** Where the account is. */
  readonly server: TestServer;
  /** Says why the password was refused, or nothing when it was taken. */
  choose(password: string): Promise<string | undefined>;
}

let shared: TestServer;
const started: TestServer[] = [];
beforeAll(async () => {
  shared = await startServer('memory');
});
afterAll(async () => {
  for (const server of [shared, ...started]) await server.close();
});

let count = 0;
function newOwner(): Owner {
  count += 1;
  return { name: `Zoë ${count} King`, email: `zoe-${count}@example.com` };
}

/** A member, and the mailed link that resets their password. */
async function linkHolder() {
  const owner = await member();
  await shared.request('POST /auth/forgot-password', { json: { email: owner.email } });
  await shared.sendMails();
  return { ...owner, token: shared.mailbox.tokenFor(owner.email, 'reset-password') ?? '' };
}

/** A member who is logged in. */
async function member() {
  const owner = newOwner();
  const password = 'secret123';
  await shared.application.register.execute({}, { ...owner, password, profile: { age: 36 } });
  return { ...owner, accessToken: await login(shared, owner.email, password) };
}

function issuesIn({ status, body }: Answer): string | undefined {
  if (status < 300) return undefined;
  expect(status).toBe(422);
  return body.errors.map(({ detail }: any) => detail).join();
}

/** Every way by which an account comes by a password. */
const paths: Readonly<Record<string, () => Promise<Chooser>>> = {
  async 'POST /auth/register'() {
    const owner = newOwner();
    const choose = async (password: string) =>
      issuesIn(await shared.request('POST /auth/register', { json: { ...owner, age: 36, password } }));
    return { ...owner, server: shared, choose };
  },
  async 'PATCH /users/me/password'() {
    const { accessToken: token, ...owner } = await member();
    const choose = async (password: string) => {
      const json = { current_password: 'secret123', new_password: password };
      return issuesIn(await shared.request('PATCH /users/me/password', { token, json }));
    };
    return { ...owner, server: shared, choose };
  },
  async 'POST /auth/reset-password'() {
    const { token, ...owner } = await linkHolder();
    const choose = async (password: string) =>
      issuesIn(await shared.request('POST /auth/reset-password', { json: { token, new_password: password } }));
    return { ...owner, server: shared, choose };
  },
  async 'the form of /reset-password'() {
    const { token, ...owner } = await linkHolder();
    const choose = async (password: string) => {
      const { body } = await shared.request('POST /reset-password', { form: { token, new_password: password } });
      return /<p role="alert"[^>]*>(.*)<\/p>/.exec(body)?.[1];
    };
    return { ...owner, server: shared, choose };
  },
  async BOOTSTRAP_ADMIN_PASSWORD() {
    const server = await startServer('memory');
    started.push(server);
    const { email } = newOwner();
    const choose = async (password: string) => {
      const environment = { BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: password };
      const { bootstrapAdmin } = readConfig({ DATABASE_URL: 'memory:', ...environment });
      try {
        await server.application.bootstrapAdmin.execute(server.system, bootstrapAdmin!);
        return undefined;
      } catch (error) {
        if (!isSallyportError(error)) throw error;
        return error.issues.map(({ message }) => message).join();
      }
    };
    return { email, name: 'Administrator', server, choose };
  },
};

const bytes72 = `${'x1'.repeat(35)}é`;

/** What may be chosen, how it may be typed afterwards, and what is another password. */
const taken: readonly (readonly [why: string, password: string, same: readonly string[], others: readonly string[]])[] =
  [
    ['the tutorial’s first', 'secret123', [], ['Secret123', 'secret1234']],
    ['the tutorial’s second', 'newSecret456', [], ['newsecret456']],
    ['72 bytes', bytes72, [], [`${bytes72}3`]],
    ['73 bytes', `${bytes72}3`, [], [bytes72, `${bytes72}4`]],
    ['128 emoji', '😀'.repeat(128), [], ['😀'.repeat(127)]],
    ['a leading and a trailing space', ' secret123 ', [], ['secret123', ' secret123', 'secret123 ']],
    ['composed', 'Zo\u00eb-1815', ['Zoe\u0308-1815'], ['Zoe-1815']],
    ['decomposed', 'Zoe\u0308-1815', ['Zo\u00eb-1815'], ['Zoe-1815']],
    ['15 letters', 'correcthorsebat', [], ['correcthorseba']],
  ];

const onlyNumbers = 'Password cannot be only numbers';
const noNumber = 'Password must include at least one number';
const common = 'Password is among the most common ones';
const ofService = 'Password cannot be the name of this service';
const ofAddress = 'Password cannot be the e-mail address';
/** The name that a first admin gets is letters alone. */
const ofName = ({ name }: Owner) => (name === 'Administrator' ? noNumber : 'Password cannot be the name');

type Said = string | ((owner: Owner) => string);

/** Forbidden passwords, and the message for each. */
const refused: readonly (readonly [why: string, password: Said, said: Said])[] = [
  ['seven characters', 'secret1', 'Must be at least 8 characters'],
  ['seven emoji', '😀'.repeat(7), 'Must be at least 8 characters'],
  ['129 emoji', '😀'.repeat(129), 'Must be at most 128 characters'],
  ['digits', '1029384756102938', onlyNumbers],
  ['other digits', '١٢٣٤٥٦٧٨', onlyNumbers],
  ['14 letters', 'correcthorseba', noNumber],
  ['a common one', 'password1', common],
  ['a common one, capitalised', 'Password1', common],
  ['a common one, in mixed case', 'QwErTy123', common],
  ['the address', ({ email }) => email, ofAddress],
  ['the address in capitals', ({ email }) => email.toUpperCase(), ofAddress],
  ['the name', ({ name }) => name, ofName],
  ['the name in capitals', ({ name }) => name.toUpperCase(), ofName],
  ['the name, decomposed', ({ name }) => name.normalize('NFD').toLowerCase(), ofName],
  ['this service', 'sallyport', noNumber],
  ['this service and a digit', 'Sallyport1', ofService],
];

const logIn = ({ server, email }: Chooser, password: string) =>
  server.request('POST /auth/login', { json: { email, password } });

describe.each(Object.entries(paths))('A password chosen by %s', (_, someone) => {
  it.each(taken)('may be %s', async (_why, password, same, others) => {
    const chooser = await someone();
    expect(await chooser.choose(password)).toBeUndefined();
    for (const typed of [password, ...same]) expect((await logIn(chooser, typed)).status).toBe(200);
    for (const typed of others) expect((await logIn(chooser, typed)).status).toBe(401);
  });

  it.each(refused)('may not be %s', async (_why, given, said) => {
    const chooser = await someone();
    const password = typeof given === 'string' ? given : given(chooser);
    expect(await chooser.choose(password)).toBe(typeof said === 'string' ? said : said(chooser));
    expect((await logIn(chooser, password)).status).not.toBe(200);
    // Nothing else stands in the way.
    expect(await chooser.choose('newSecret456')).toBeUndefined();
  });
});
