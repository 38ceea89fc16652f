import type { StorePorts } from '@sallyport/core';
import { PostgresAudit } from './postgres-audit.ts';
import { PostgresKeyStore } from './postgres-key-store.ts';
import { PostgresOneTimeTokens } from './postgres-one-time-tokens.ts';
import { PostgresPosts } from './postgres-posts.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { PostgresUnitOfWork } from './postgres-unit-of-work.ts';
import { PostgresUsers } from './postgres-users.ts';
import type { Sql } from './sql.ts';

/** The ports of a store on a migrated database. */
export function postgresStore(sql: Sql): StorePorts {
  const unitOfWork = new PostgresUnitOfWork(sql);
  const outside = unitOfWork.outside();
  return {
    users: new PostgresUsers(outside),
    sessions: new PostgresSessions(outside),
    posts: new PostgresPosts(outside),
    oneTimeTokens: new PostgresOneTimeTokens(outside),
    audit: new PostgresAudit(outside),
    keys: new PostgresKeyStore(outside),
    unitOfWork,
  };
}
