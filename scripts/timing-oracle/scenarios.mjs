import { addressOf, password } from './people.mjs';
import { bytesOf } from './timed-client.mjs';

/**
 * The measured requests: what is sent for each kind of address, the answer that all of them get, and the kinds that are
 * compared with the unknown ones. With an `after`, the time of that next request counts. Each request leaves equally
 * many rows for every kind, so that the tables grow alike.
 *
 * @param {string} token the token of a member
 * @param {boolean} foreign whether the accounts of the foreign kind have hashes from another system
 */
export function scenariosFor(token, foreign) {
  return {
    'login with a wrong password': {
      requestFor: (email) => bytesOf('POST /auth/login', { json: { email, password: 'wrong-123' } }),
      status: 401,
      honest: ['known', 'deactivated', ...(foreign ? ['foreign'] : [])],
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
 * The times, by kind, of so many rounds, after some rounds that warm up caches, plans and compilers. A round has one
 * request for each kind, in random order.
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
