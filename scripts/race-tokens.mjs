/**
 * Races on real Postgres, with two nodes: a refresh token has one successor, a mailed link has one winner, and no
 * session survives when its account is deactivated or closed, or when its password changes. `node
 * scripts/race-tokens.mjs --rounds 1000`
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { migrate } from '@sallyport/adapters-postgres';
import { anyone } from '@sallyport/core';
import { openNode, registerMember } from './race-nodes.mjs';
import { raceForSessions } from './race-sessions.mjs';
import { withPostgres } from './postgres.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' } } });
const rounds = Number(values.rounds);
const racers = 20;

await withPostgres(async (url) => {
  const nodes = [openNode(url), openNode(url)];
  try {
    await migrate(nodes[0].sql);
    const successors = await count(() => raceForSuccessor(nodes));
    const winners = await count(() => raceForReset(nodes));
    const survivors = await count(() => raceForSessions(nodes));
    console.log(`${rounds} rounds, ${racers} racers, 2 nodes: successors of a refresh token ${say(successors)}`);
    console.log(`${rounds} rounds, ${racers} racers, 2 nodes: winners of a reset ${say(winners)}`);
    console.log(
      `${rounds} rounds of logins against each end of them, 2 nodes: sessions that live on ${say(survivors)}`,
    );
    assert.deepEqual([...successors.keys()], [1]);
    assert.deepEqual([...winners.keys()], [1]);
    assert.deepEqual([...survivors.keys()], [0]);
  } finally {
    for (const { sql } of nodes) await sql.close();
  }
});

/** The number of different successors that twenty racers get. */
async function raceForSuccessor(nodes) {
  const credentials = await registerMember(nodes[0]);
  const { refreshToken } = await nodes[0].application.login.execute(anyone, credentials);
  const grants = await race(nodes, ({ application }) => application.refresh.execute(anyone, { refreshToken }));
  assert.equal(grants.length, racers, 'Within the grace, each racer gets an answer');
  return new Set(grants.map((grant) => grant.refreshToken)).size;
}

/** The number of racers, of twenty, that set a password by one link. */
async function raceForReset(nodes) {
  const { email } = await registerMember(nodes[0]);
  await nodes[0].application.forgotPassword.execute(anyone, { email });
  const token = await mailedToken(nodes, email);
  const winners = await race(nodes, async ({ application }, racer) => {
    const newPassword = `new secret ${racer}`;
    await application.resetPassword.execute(anyone, { token, newPassword });
    return newPassword;
  });
  for (const password of winners) await nodes[1].application.login.execute(anyone, { email, password });
  return winners.length;
}

async function mailedToken(nodes, email) {
  for (;;) {
    for (const { application, system } of nodes) await application.sendMails.execute(system);
    const token = nodes.map(({ mailer }) => mailer.tokenFor(email, 'reset-password')).find((one) => one !== undefined);
    if (token) return token;
  }
}

/** The results of the racers that succeed. A refusal must be one of the domain's. */
async function race(nodes, contend) {
  const outcomes = await Promise.allSettled(
    Array.from({ length: racers }, (_, racer) => contend(nodes[racer % nodes.length], racer)),
  );
  for (const { reason } of outcomes) {
    if (reason !== undefined) assert.equal(reason.code, 'invalid_one_time_token', reason.stack);
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
}

async function count(round) {
  const counts = new Map();
  for (let n = 0; n < rounds; n += 1) {
    const result = await round();
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  return counts;
}

function say(counts) {
  return [...counts].map(([result, times]) => `${result} (${times} times)`).join(', ');
}
