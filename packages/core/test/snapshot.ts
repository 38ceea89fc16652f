import type { scenario } from './scenario.ts';

/** Everything that a store shows. */
export async function snapshot({ ports, clock }: ReturnType<typeof scenario>): Promise<unknown> {
  const page = { skip: 0, limit: 1000 };
  const users = await ports.users.list({}, page);
  const lifetime = { at: clock.now(), usedSince: new Date(0) };
  return {
    users,
    credentials: await Promise.all(users.map(({ id }) => ports.users.findCredentials({ id }))),
    sessions: await Promise.all(users.map(({ id }) => ports.sessions.listLive(id, lifetime))),
    posts: await ports.posts.list({}, page),
    audit: await ports.audit.list({}, page),
    keys: await ports.keyRing.publicKeys(),
    mails: ports.mailer.mails.length,
  };
}
