import assert from 'node:assert/strict';
import { anyone } from '@sallyport/core';
import { registerMember } from './race-nodes.mjs';

const newPassword = 'newSecret456';

/** What ends the sessions of a member. Each is requested in its turn. */
const ends = {
  deactivation: (application, member) => application.deactivate.execute(member),
  closing: (application, member) => application.deleteAccount.execute(member),
  password: (application, member, { password: currentPassword }) =>
    application.changePassword.execute(member, { currentPassword, newPassword }),
};
const names = Object.keys(ends);
let round = 0;

/** Refusals that a racer may get once another has won. */
const expected = new Set([
  'invalid_credentials',
  'account_deactivated',
  'invalid_refresh_token',
  'invalid_token',
  'user_no_longer_exists',
  'current_password_incorrect',
]);

/**
 * Logs in, refreshes and changes the password on two nodes while one of the ends happens. Returns how many of the
 * sessions that were opened with the old password are still alive.
 */
export async function raceForSessions(nodes) {
  const end = ends[names[round++ % names.length]];
  const credentials = await registerMember(nodes[0]);
  const first = await nodes[0].application.login.execute(anyone, credentials);
  const second = await nodes[1].application.login.execute(anyone, credentials);
  const { accessToken } = first;
  const member = await nodes[0].application.authenticate.execute(anyone, { accessToken });
  const contenders = [
    ...Array.from(
      { length: 8 },
      () =>
        ({ application }) =>
          application.login.execute(anyone, credentials),
    ),
    ...Array.from(
      { length: 4 },
      () =>
        ({ application }) =>
          application.refresh.execute(anyone, second),
    ),
  ];
  contenders.splice(round % contenders.length, 0, () => end(nodes[0].application, member, credentials).then(() => {}));
  const outcomes = await Promise.allSettled(contenders.map((contend, n) => contend(nodes[n % nodes.length])));
  for (const { reason } of outcomes) {
    if (reason !== undefined) assert.ok(expected.has(reason.code), reason.stack);
  }
  const grants = [first, second, ...outcomes.flatMap(({ value }) => value ?? [])];
  const lives = await Promise.all(grants.map((grant) => isAlive(nodes[1].application, grant)));
  return lives.filter((alive) => alive).length;
}

/** Whether a token of a grant is still accepted. */
async function isAlive(application, { accessToken, refreshToken }) {
  const attempts = [
    application.authenticate.execute(anyone, { accessToken }),
    application.refresh.execute(anyone, { refreshToken }),
  ];
  const outcomes = await Promise.allSettled(attempts);
  for (const { reason } of outcomes) {
    if (reason !== undefined) assert.ok(expected.has(reason.code), reason.stack);
  }
  return outcomes.some(({ status }) => status === 'fulfilled');
}
