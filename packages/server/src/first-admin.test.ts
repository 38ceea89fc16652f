import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { firstAdminInWords } from './first-admin.ts';

const words = (environment: Record<string, string>) => firstAdminInWords(readConfig(environment)).join('\n');
const postgres = { DATABASE_URL: 'postgres://db/x', SECRET_KEY: 'x'.repeat(32) };

describe('What a start says of the first admin', () => {
  it('is a command for a stopped server on the embedded database, and for a running one on Postgres', () => {
    expect(words({})).toMatch(
      /Stop the server, .*\n {4}npx sallyport users create .* --password\n .*BOOTSTRAP_ADMIN_EMAIL/,
    );
    expect(words(postgres)).toMatch(/mails an invitation:\n {4}npx sallyport users create EMAIL .* --role admin$/);
  });

  it.each([{ DATABASE_URL: 'memory:' }, { REGISTRATION: 'closed' }, { ...postgres, REGISTRATION: 'closed' }])(
    'is the variables where no command can create one: %o',
    (environment) => {
      expect(words(environment)).toMatch(/^ {2}admin .* with BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD$/);
    },
  );
});
