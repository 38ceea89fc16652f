import sql from 'sql-template-tag';
import type { Email, OneTimeToken } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import { migrate, postgresStore } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

it('takes tokens that name no mail, as those of the first version, as one mail each', async () => {
  const database = await openPglite();
  onTestFinished(() => database.close());
  await migrate(database);
  const { unitOfWork } = postgresStore(database);
  const now = Date.now();
  const append = (n: number) => {
    const token: OneTimeToken = {
      userId: 1,
      purpose: 'reset-password',
      email: 'ada@example.com' as Email,
      digest: `token ${n}`,
      createdAt: new Date(now + n),
      expiresAt: new Date(now + 60_000),
    };
    return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.append(token, { mail: `mail ${n}`, keep: 3 }));
  };
  for (const n of [1, 2, 3]) await append(n);
  const table = database.table('one_time_tokens');
  await database.query(sql`update ${table} set mail = null`);
  await append(4);
  const left = await database.query<{ readonly digest: string }>(sql`select digest from ${table} order by digest`);
  expect(left.map(({ digest }) => digest)).toEqual(['token 2', 'token 3', 'token 4']);
});
