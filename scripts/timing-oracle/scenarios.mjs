import { addressOf, password } from './people.mjs';
import { bytesOf } from './timed-client.mjs';

/**
 * What is measured: what is asked of each kind of address, which answer all of them get, and which kinds are
 * held against the unknown ones. Where there is an `after`, it is the time of that next request that counts.
 * Each request leaves as many rows behind whatever its address is, so that both grow the tables alike.
 *
 * @param {string} token a member's
 */
export function scenariosFor(token) {
  return {
    'login with a wrong password': {
      requestFor: (email) => bytesOf('POST /auth/login', { json: { email, password: 'wrong-123' } }),
      status: 401,
      honest: ['known', 'deactivated'],
      planted: 'leaky',
    },
    'forgot-password': {
      requestFor: (email) => bytesOf('POST /auth/forgot-password', { json: { email } }),
      status: 200,
      honest: ['known', 'deactivated'],
      planted: 'leaky',
    },
    'the request after forgot-password': {
      requestFor: (email) => bytesOf('POST /auth/forgot-password', { json: { email } }),
      status: 200,
      after: bytesOf('GET /posts'),
      honest: ['known', 'deactivated'],
      planted: 'leakyLater',
    },
    'a change of e-mail': {
      requestFor: (email) =>
        bytesOf('POST /users/me/email', { token, json: { new_email: email, current_password: password } }),
      status: 202,
      honest: ['known', 'deactivated'],
      planted: 'leaky',
    },
  };
}

/**
 * The times, by kind, of so many rounds, after some that warm up caches, plans and compilers. A round asks
 * once for each kind, in an order of its own.
 */
export async function measure(client, { requestFor, status, after, honest, planted }, rounds, shuffled) {
  const kinds = [...honest, planted, 'unknown'];
  const times = Object.fromEntries(kinds.map((kind) => [kind, []]));
  const warmUp = 50;
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const kind of shuffled(kinds)) {
      let answer = await send(client, requestFor(addressOf(kind, round + warmUp)), status);
      if (after) answer = await send(client, after, 200);
      if (round >= 0) times[kind].push(answer.ms);
    }
  }
  return times;
}

async function send(client, request, expected) {
  const answer = await client.send(request);
  if (answer.status !== expected) throw new Error(`It answered ${answer.status} instead of ${expected}`);
  return answer;
}
