import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { listAll, logIn, newEmail, password, post, register } from './people.mjs';

/**
 * A client that does one thing after the other until the server is killed, and remembers what was acknowledged. Its
 * last request may have succeeded without an answer, either completely or not at all.
 */
export class Person {
  email = newEmail();
  /** How often each kind of change was acknowledged. */
  acknowledged = { registrations: 0, changes: 0, resets: 0, refreshes: 0, posts: 0 };
  /** Mails with a link to a new password: requested, and promised. */
  mails = { asked: 0, promised: 0 };
  #id;
  #password = password;
  #passwords = 0;
  #posts = [];
  /** The session that is used, and an unused one that must end whenever the password is replaced. */
  #session;
  #bystander;
  /** Access tokens of sessions that have ended. */
  #ended = [];
  /** The current request, which has no answer yet. */
  #attempt;

  /** Sends requests until the server is killed. A refusal for lack of capacity is accepted, any other is a failure. */
  async live(ask, outbox, isKilled) {
    const acts = [
      () => this.#write(ask),
      () => this.#refresh(ask),
      () => this.#change(ask),
      () => this.#reset(ask, outbox, isKilled),
    ];
    try {
      if (!this.isThere) await this.#register(ask);
      while (!isKilled()) {
        this.#session ??= await this.#open(ask);
        this.#bystander ??= await this.#open(ask);
        await acts[randomInt(acts.length)]();
      }
    } catch (error) {
      if (error.actual !== 503 && (error.code === 'ERR_ASSERTION' || !isKilled())) throw error;
    }
  }

  async #register(ask) {
    this.#attempt = { kind: 'registrations' };
    const { status } = await register(ask, this.email);
    assert.equal(status, 201);
    this.#done();
  }

  async #write(ask) {
    this.#attempt = { kind: 'posts' };
    const { status, body } = await ask('POST /posts', { json: post, token: this.#session.token });
    assert.equal(status, 201);
    this.#done(body.id);
  }

  async #refresh(ask) {
    const { status, body } = await ask('POST /auth/refresh', { json: { refresh_token: this.#session.refreshToken } });
    assert.equal(status, 200);
    this.#session = toSession(body);
    this.acknowledged.refreshes += 1;
  }

  async #change(ask) {
    this.#attempt = { kind: 'changes', password: this.#nextPassword() };
    const json = { current_password: this.#password, new_password: this.#attempt.password };
    const { status, body } = await ask('PATCH /users/me/password', { json, token: this.#session.token });
    assert.equal(status, 200);
    this.#done();
    this.#session = toSession(body);
  }

  async #reset(ask, outbox, isKilled) {
    this.mails.asked += 1;
    const { status } = await ask('POST /auth/forgot-password', { json: { email: this.email } });
    assert.equal(status, 200);
    this.mails.promised += 1;
    const token = await this.#mailedToken(outbox, isKilled);
    if (!token) return;
    this.#attempt = { kind: 'resets', password: this.#nextPassword() };
    const answer = await ask('POST /auth/reset-password', { json: { token, new_password: this.#attempt.password } });
    assert.equal(answer.status, 204);
    this.#done();
  }

  async #mailedToken(outbox, isKilled) {
    for (; !isKilled(); await delay(50)) {
      const mails = outbox.mailsTo(this.email, 'reset-password');
      if (mails.length === this.mails.asked) return mails.at(-1).token;
    }
    return undefined;
  }

  #nextPassword() {
    this.#passwords += 1;
    return `secret number ${this.#passwords}`;
  }

  async #open(ask) {
    const { status, body } = await logIn(ask, this.email, this.#password);
    assert.equal(status, 200, `${this.email} logs in`);
    this.#id = body.user.id;
    return toSession(body);
  }

  /** Records that the attempt succeeded. */
  #done(post) {
    const { kind, password: replaced } = this.#attempt;
    this.#attempt = undefined;
    this.acknowledged[kind] += 1;
    if (kind === 'posts') this.#posts.push(post);
    if (!replaced) return;
    this.#password = replaced;
    this.#ended.push(...[this.#bystander, this.#session].flatMap((session) => session?.token ?? []));
    this.#bystander = undefined;
    this.#session = undefined;
  }

  /** Finds out whether the last attempt was done, and checks that it was done completely or not at all. */
  async findBack(ask, adminToken) {
    const kind = this.#attempt?.kind;
    const written = kind === 'posts' ? await this.#listPosts(ask) : [];
    const wasDone = kind === 'posts' ? written.length > this.#posts.length : kind && (await this.#canLogIn(ask));
    if (wasDone) this.#done(written[0]);
    this.#attempt = undefined;
    if (this.isThere) await this.check(ask, adminToken);
    // Access tokens expire, so they are checked at once.
    this.#bystander = undefined;
    this.#ended = [];
    return wasDone ? kind : undefined;
  }

  get isThere() {
    return this.acknowledged.registrations > 0;
  }

  async #canLogIn(ask) {
    const { status } = await logIn(ask, this.email, this.#attempt.password ?? this.#password);
    assert.ok([200, 401].includes(status), `A login answered ${status}`);
    return status === 200;
  }

  /** Checks the server against everything that was acknowledged. */
  async check(ask, adminToken) {
    const opened = await this.#open(ask);
    if (this.#session) {
      await this.#expect(ask, this.#session.token, 200, 'the session');
      await this.#refresh(ask);
      this.acknowledged.refreshes -= 1;
    }
    this.#session ??= opened;
    if (this.#bystander) await this.#expect(ask, this.#bystander.token, 200, 'the other session');
    for (const token of this.#ended) await this.#expect(ask, token, 401, 'a session that has ended');
    assert.deepEqual(new Set(await this.#listPosts(ask)), new Set(this.#posts), `The posts of ${this.email}`);
    await this.#checkAudit(ask, adminToken);
  }

  async #expect(ask, token, wanted, what) {
    const { status } = await ask('GET /users/me', { token });
    assert.equal(status, wanted, `${what} of ${this.email}`);
  }

  /** The ids of the client's posts, the newest first. */
  async #listPosts(ask) {
    const { token } = this.#session ?? (await this.#open(ask));
    return (await listAll(ask, '/posts/my?limit=100', token)).map(({ id }) => id);
  }

  async #checkAudit(ask, adminToken) {
    const events = await listAll(ask, `/admin/audit?subject_id=${this.#id}&limit=100`, adminToken);
    const count = (type) => events.filter((event) => event.type === type).length;
    assert.deepEqual(
      ['user.registered', 'user.password_changed', 'user.password_reset', 'session.stolen'].map(count),
      [1, this.acknowledged.changes, this.acknowledged.resets, 0],
      `The audit of ${this.email}`,
    );
  }
}

function toSession({ access_token: token, refresh_token: refreshToken }) {
  return { token, refreshToken };
}
