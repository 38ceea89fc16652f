import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { listAccounts, logIn, newEmail, password, post, register } from './people.mjs';

/**
 * Sends reads, logins, refreshes, registrations, posts and changes of passwords until it is stopped: a client of each
 * kind for each of these ways to ask, but one for passwords. It records every answer, and what was acknowledged.
 *
 * @param {ReturnType<import('./requests.mjs').asking>[]} ways
 */
export async function startLoad(ways) {
  const [ask] = ways;
  const email = newEmail();
  assert.equal((await register(ask, email)).status, 201);
  const { access_token: token } = (await logIn(ask, email)).body;
  const acknowledged = { registrations: [email], logins: [token], posts: [], passwords: [], refreshes: [] };
  const answers = [];
  const over = new AbortController();

  /** The body of the answer if it has the status that was wanted. */
  const attempt = async (what, wanted, asked) => {
    const at = performance.now();
    const { status, body, ms } = await asked().catch((error) => ({
      status: error.code ?? error.message,
      ms: performance.now() - at,
    }));
    const isGood = status === wanted;
    answers.push({ what, status, isGood, title: body?.title ?? '', at, ms });
    return isGood ? body : undefined;
  };
  const keep = (list, item) => item !== undefined && list.push(item);

  /** A client of each kind. */
  const clients = [
    () => (ask) => attempt('a read', 200, () => ask('GET /users/me', { token })),
    () => (ask) => attempt('a list', 200, () => ask('GET /posts')),
    // Each login uses a new account, because the number of sessions of an account is limited.
    () => async (ask) => {
      const body = await attempt('a login', 200, () => logIn(ask, acknowledged.registrations.at(-1)));
      keep(acknowledged.logins, body?.access_token);
    },
    () => async (ask) => {
      const body = await attempt('a registration', 201, () => register(ask, newEmail()));
      keep(acknowledged.registrations, body?.email);
    },
    // Posts are limited by account.
    () => async (ask) => {
      const author = acknowledged.logins.at(-1);
      const body = await attempt('a post', 201, () => ask('POST /posts', { json: post, token: author }));
      keep(acknowledged.posts, body && [body.id, author]);
    },
    () => refreshing(attempt, acknowledged.refreshes, email),
  ];
  const go = async (ask, act) => {
    for (; !over.signal.aborted; await delay(randomInt(20, 60))) await act(ask);
  };
  const loops = ways.flatMap((way) => clients.map((client) => go(way, client())));
  // A single client changes passwords, because that keeps the cores busy with hashes.
  loops.push(go(ask, changing(attempt, acknowledged.passwords)));
  return {
    acknowledged,
    answers,
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}

/** A client that refreshes its session, and repeats what was not answered. */
function refreshing(attempt, refreshes, email) {
  const session = {};
  return async (ask) => {
    const body = session.refreshToken
      ? await attempt('a refresh', 200, () =>
          ask('POST /auth/refresh', { json: { refresh_token: session.refreshToken } }),
        )
      : await attempt('a login', 200, () => logIn(ask, email));
    if (!body) return;
    if (!session.refreshToken) refreshes.push(session);
    session.refreshToken = body.refresh_token;
  };
}

/** A client that changes the password of a new account each time. */
function changing(attempt, passwords) {
  return async (ask) => {
    const email = newEmail();
    if (!(await attempt('a registration', 201, () => register(ask, email)))) return;
    const grant = await attempt('a login', 200, () => logIn(ask, email));
    if (!grant) return;
    const changed = `${password} changed`;
    const json = { current_password: password, new_password: changed };
    const way = { json, token: grant.access_token };
    if (await attempt('a new password', 200, () => ask('PATCH /users/me/password', way))) {
      passwords.push([email, changed]);
    }
  };
}

/** What was acknowledged and is missing. */
export async function lostOf({ registrations, logins, posts, passwords, refreshes }, ask) {
  const accounts = await listAccounts(ask);
  const lost = registrations.filter((email) => !accounts.has(email));
  const expectOk = async (what, asked) => {
    const { status } = await asked;
    if (status !== 200) lost.push(`${what}: ${status}`);
  };
  for (const [id, author] of posts) await expectOk('a post', ask(`GET /posts/${id}`, { token: author }));
  for (const opened of logins) await expectOk('a login', ask('GET /users/me', { token: opened }));
  for (const { refreshToken } of refreshes) {
    await expectOk('a refresh', ask('POST /auth/refresh', { json: { refresh_token: refreshToken } }));
  }
  for (const [email, changed] of passwords) await expectOk('a new password', logIn(ask, email, changed));
  return lost;
}

/** How much was acknowledged, in words. */
export function inWords({ registrations, logins, posts, passwords, refreshes }) {
  return (
    `${registrations.length + passwords.length} registrations, ${logins.length} logins, ${posts.length} posts, ` +
    `${passwords.length} new passwords and ${refreshes.length} refreshed sessions`
  );
}

/** The number of answers per status: 200 × 12, 503 × 3. */
export function tally(answers) {
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, times]) => `${status} × ${times}`).join(', ');
}
