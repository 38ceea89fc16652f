import { cryptoPorts } from '@sallyport/adapters-crypto';
import { DatabaseClock, migrate, openPg, PostgresRateLimiter, postgresStore } from '@sallyport/adapters-postgres';
import { createApplication, type Mailer } from '@sallyport/core';
import type pg from 'pg';
import * as v from 'valibot';

/** The schema of the accounts. The app's own tables are elsewhere. */
export const schema = 'auth';

/** What accounts need from the app. */
export interface AccountsOptions {
  readonly pool: pg.Pool;
  readonly mailer: Mailer;
  readonly secretKey: string;
  /** The issuer of the access tokens. */
  readonly publicUrl: string;
  /** The domain of the addresses that may have an account. */
  readonly domain: string;
}

const company = {
  schema: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  default: null,
  required: true,
  read: ['self', 'admins'],
} as const;

/** Opens the accounts on the app's pool. */
export async function openAccounts({ pool, mailer, secretKey, publicUrl, domain }: AccountsOptions) {
  const database = openPg(pool, { schema });
  await migrate(database);
  const clock = await DatabaseClock.open(database);
  const store = { ...postgresStore(database), clock };
  const crypto = cryptoPorts({ secretKey, issuer: publicUrl }, store);
  const rateLimiter = new PostgresRateLimiter(database);
  const created = createApplication(
    { ...store, ...crypto, mailer, rateLimiter },
    {
      roles: ['user', 'admin', 'editor'],
      profile: { company },
      mails: {
        en: {
          letters: {
            'verify-email': {
              subject: 'Welcome to Acme',
              paragraphs: ['One click, and your desk at Acme is ready.'],
              action: { label: 'Take my desk', page: 'verify-email' },
            },
          },
        },
      },
      hooks: {
        refuseAccount: ({ email }) =>
          email.endsWith(`@${domain}`) ? undefined : `Use your address at ${domain}, please`,
        accessTokenClaims: ({ profile }) => ({ company: profile['company'] ?? null }),
      },
    },
  );
  /** The upkeep that these adapters need every minute. */
  const maintain = () => clock.adjust();
  return { ...created, maintain };
}
