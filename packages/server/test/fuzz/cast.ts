import type { Origin } from '@sallyport/core';
import { admin, member, type Person, sessionOf, type TestServer } from '../start-server.ts';
import { bend } from './bent-tokens.ts';
import { type Name, people } from './shot.ts';

/** Stands in every password of the cast, so that one that gets out can be seen wherever it turns up. */
export const passwordMark = 'Sesame';

/** Values that only their holder may see. */
const links = ['reset', 'reset2', 'reset3', 'verify', 'moved', 'invitation'];
const secretValues = ['password', 'newPassword', 'token', 'refresh', 'spent', ...links];

type Values = Map<string, string>;

/** The people of one case. Each comes to be when a request first names them. */
export class Cast {
  readonly #server: TestServer;
  readonly #label: string;
  readonly #purges: boolean;
  readonly #values = new Map<Name, Promise<Values>>();
  #count = 0;
  /** Those who may be admin, and those whose mail was read here. */
  readonly admins = new Set<number>();
  readonly readers = new Set<number>();

  /**
   * @param label part of the names of its people, which no other cast on the server has
   * @param purges whether a closed account has no row left by the time that it is named
   */
  constructor(server: TestServer, label: string, purges: boolean) {
    this.#server = server;
    this.#label = label;
    this.#purges = purges;
  }

  /** The text with every ⟦who.what⟧ in it put in, and the secrets among what was put in. */
  async resolve(text: string): Promise<{ readonly text: string; readonly secrets: readonly string[] }> {
    const secrets: string[] = [];
    let resolved = text;
    for (const [placeholder, who = '', what = '', how] of text.matchAll(/⟦(\w+)\.(\w+)(?:\|([^⟧]*))?⟧/g)) {
      const value = await this.#valueOf(who, what);
      if (secretValues.includes(what)) secrets.push(value);
      resolved = resolved.replace(placeholder, () => (how === undefined ? value : bend(value, how)));
    }
    return { text: resolved, secrets };
  }

  async #valueOf(who: string, what: string): Promise<string> {
    if (!people.includes(who as Name)) {
      this.#count += 1;
      return `new-${this.#label}-${this.#count}@example.com`;
    }
    const values = await this.#person(who as Name);
    if (!values.has(what)) values.set(what, await this.#find(values, what));
    return values.get(what) ?? '';
  }

  #person(who: Name): Promise<Values> {
    const values = this.#values.get(who) ?? this.#admit(who);
    this.#values.set(who, values);
    return values;
  }

  async #admit(who: Name): Promise<Values> {
    const name = `${who}-${this.#label}`;
    const password = `${passwordMark} ${name}`;
    const passwords = { password, newPassword: `${password} 2` };
    const emails = { email: `${name}@example.com`, newEmail: `${name}-2@example.com`, name: `${who} ${this.#label}` };
    // A stranger, who has no account yet.
    if (who === 'eve') return new Map(Object.entries({ ...passwords, ...emails }));
    if (who === 'ivy') return new Map(Object.entries({ ...passwords, ...emails, ...(await this.#invite(emails)) }));
    const person = await member(this.#server, name, password, nextOrigin());
    if (who === 'root') await this.#promote(person);
    await this.#lower(who, person);
    return new Map(Object.entries({ ...passwords, ...emails, ...grantValues(person), id: String(person.id) }));
  }

  async #promote({ id }: Person): Promise<void> {
    this.admins.add(id);
    const { token } = await keeperOf(this.#server);
    await this.#server.request(`PATCH /admin/users/${id}/role`, { token, json: { role: 'admin' } });
  }

  /** An account without a password. */
  async #invite({ name, email }: { readonly name: string; readonly email: string }): Promise<{ readonly id: string }> {
    const { token } = await keeperOf(this.#server);
    const { body } = await this.#server.request('POST /admin/users', { token, json: { name, email } });
    return { id: String(body.id) };
  }

  async #lower(who: Name, { token }: Person): Promise<void> {
    const ways: Partial<Record<Name, string>> = {
      idle: 'PATCH /users/me/deactivate',
      gone: 'DELETE /users/me',
      left: 'POST /auth/logout',
    };
    const way = ways[who];
    if (way) await this.#server.request(way, { token });
    const { application, system } = this.#server;
    if (who === 'gone' && this.#purges) while (await application.purgeClosedAccounts.execute(system));
  }

  /** What takes a step of its own to be had. */
  async #find(values: Values, what: string): Promise<string> {
    const { application } = this.#server;
    const token = values.get('token');
    switch (what) {
      case 'draft':
      case 'post': {
        const json = { title: `A post of ${values.get('name')}`, content: 'Twenty characters or more of it.' };
        const { id } = (await this.#server.request('POST /posts', { token, json })).body;
        const published = { token, json: { published: true } };
        if (what === 'post') await this.#server.request(`PATCH /posts/${id}`, published);
        return String(id ?? 1);
      }
      case 'spent': {
        const start = values.get('refresh') ?? '';
        for (let turn = 0; turn < 2; turn += 1) {
          const json = { refresh_token: values.get('refresh') };
          this.learn(values, 'grant', (await this.#server.request('POST /auth/refresh', { json })).body);
        }
        return start;
      }
      case 'verify':
      case 'invitation':
      case 'reset':
      case 'reset2':
      case 'reset3': {
        this.readers.add(Number(values.get('id')));
        const email = values.get('email') ?? '';
        if (what === 'verify') return this.#mailed(email, 'verify-email');
        if (what === 'invitation') return this.#mailed(email, 'invitation');
        await application.forgotPassword.execute(nextOrigin(), { email });
        return this.#mailed(
          email,
          'reset-password',
          ['reset', 'reset2', 'reset3'].map((one) => values.get(one)),
        );
      }
      case 'moved':
        this.readers.add(Number(values.get('id')));
        return this.#mailed(values.get('newEmail') ?? '', 'change-email');
      default:
        return 'nothing';
    }
  }

  async #mailed(
    address: string,
    kind: Parameters<TestServer['mailbox']['tokenFor']>[1],
    known: readonly (string | undefined)[] = [],
  ): Promise<string> {
    await deliver(this.#server);
    const token = this.#server.mailbox.tokenFor(address, kind);
    // Not every account gets the mail that is asked for.
    return token === undefined || known.includes(token) ? 'a-token-of-no-mail' : token;
  }

  async learnOf(who: Name, what: 'grant' | 'password' | 'email', body: any): Promise<void> {
    this.learn(await this.#person(who), what, body);
  }

  learn(values: Values, what: 'grant' | 'password' | 'email', body: any): void {
    if (what === 'grant') {
      const { access_token: token, refresh_token: refreshToken, user } = body ?? {};
      if (typeof token !== 'string' || typeof refreshToken !== 'string') return;
      const before = values.get('refresh');
      if (before !== undefined) values.set('previous', before);
      const grant = { token, refreshToken, id: user?.id ?? values.get('id') };
      for (const [name, value] of Object.entries(grantValues(grant))) values.set(name, value);
    } else {
      const [now, next] =
        what === 'password' ? (['password', 'newPassword'] as const) : (['email', 'newEmail'] as const);
      values.set(`old_${now}`, values.get(now) ?? '');
      values.set(now, values.get(next) ?? '');
      // A changed password comes with a grant; a reset and an address do not.
      this.learn(values, 'grant', body);
    }
  }
}

function grantValues({ token, refreshToken, id }: Pick<Person, 'token' | 'refreshToken' | 'id'>) {
  return { token, refresh: refreshToken, session: sessionOf(token), id: String(id) };
}

const deliveries = new WeakMap<TestServer, Promise<void>>();

/**
 * Sends the mails that wait. One delivery follows another: a mail that another trial had claimed, and not sent yet,
 * would be missed.
 */
function deliver(server: TestServer): Promise<void> {
  const delivery = (deliveries.get(server) ?? Promise.resolve()).then(() => server.sendMails());
  deliveries.set(
    server,
    delivery.catch(() => {}),
  );
  return delivery;
}

let origins = 0;

/**
 * An address in a network of its own for what the cast does beside the trials: callers without one share a bucket of
 * each limit, and one network can cause few mails. No trial has an address in these networks.
 */
function nextOrigin(): Origin {
  origins += 1;
  return { ip: `2001:db8:${(origins & 65_535).toString(16)}:${(origins >> 16).toString(16)}::1` };
}

const keepers = new WeakMap<TestServer, Promise<Person>>();

/** The admin of a server that no request is ever sent by or at. */
export function keeperOf(server: TestServer): Promise<Person> {
  const keeper = keepers.get(server) ?? admin(server);
  keepers.set(server, keeper);
  return keeper;
}
