import type { Config } from './config.ts';

/** How to create the first admin, while there is none, as lines below those of a start. */
export function firstAdminInWords({ database, policy }: Pick<Config, 'database' | 'policy'>): readonly string[] {
  const variables = 'with BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD';
  if (database.kind === 'memory' || policy.registration === 'closed') {
    return [`  admin       none yet: start the server ${variables}`];
  }
  const command = 'npx sallyport users create EMAIL --name NAME --role admin';
  if (database.kind === 'postgres') return [`  admin       none yet. This mails an invitation:`, `    ${command}`];
  return [
    '  admin       none yet. Stop the server, run this, and start it again:',
    `    ${command} --verified --password`,
    `  or start it ${variables}`,
  ];
}
