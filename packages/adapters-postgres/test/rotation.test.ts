import { setTimeout as delay } from 'node:timers/promises';
import type { NewUser, Session, UnitOfWork } from '@sallyport/core';
import { later, newSession, newUser } from '@sallyport/core/contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore } from '../src/index.ts';

let pool: pg.Pool;
let url: string;
beforeAll(async () => {
  ({ url } = await createDatabase());
  pool = new pg.Pool({ connectionString: url });
  await migrate(openPg(pool));
});
afterAll(() => pool.end());

const client = { network: '203.0.113.0/24', keep: 4 };
const lifetime = { at: later, usedSince: new Date(0) };

function openSession(unitOfWork: UnitOfWork, person: NewUser, letter: string): Promise<Session> {
  return unitOfWork.run(async ({ users, sessions }) => {
    const session = newSession((await users.append(person)).id, letter);
    await sessions.open(session, 10);
    return session;
  });
}

/** Waits until a statement waits for a lock. */
async function someoneWaits(): Promise<void> {
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await pool.query(waiting)).rowCount === 0) await delay(5);
}

describe.each([
  ['this package', ['a', 'b']],
  ['the host', ['c', 'd']],
] as const)('On a pool of %s, a rotation that waited', (kind, [first, second]) => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => void warnings.push(message);
  beforeAll(() => void process.on('warning', note));
  afterAll(() => void process.off('warning', note));

  it.each([
    ['sees what became of its user', first, `update sallyport.users set name = 'Augusta'`, 'Augusta'],
    ['is none if its user was deleted', second, 'delete from sallyport.users', undefined],
  ])('%s', async (_, letter, change, name) => {
    const database = openPg(kind === 'this package' ? url : pool);
    const { unitOfWork } = postgresStore(database);
    const { id, userId } = await openSession(unitOfWork, newUser(letter), letter);
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select from sallyport.sessions where id = $1 for no key update', [id]);
    await other.query(`${change} where id = $1`, [userId]);

    const turning = unitOfWork.run(({ sessions }) => sessions.turn(id, 0, lifetime, client));
    await someoneWaits();
    await other.query('commit');
    other.release();
    const turned = await turning;
    expect([turned?.user.name, turned?.session.generation]).toEqual(name ? [name, 1] : [undefined, undefined]);
    await database.close();
    expect(warnings).toEqual([]);
  });
});
