import { mergeDistinct, type StorePorts, type Transaction, type UnitOfWork } from '@sallyport/core';
import type { AnyPart, PortsOf, RepositoriesOf } from './part.ts';
import { PostgresAudit } from './postgres-audit.ts';
import { PostgresKeyStore } from './postgres-key-store.ts';
import { PostgresKnownNetworks } from './postgres-known-networks.ts';
import { PostgresOneTimeTokens } from './postgres-one-time-tokens.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { PostgresUnitOfWork } from './postgres-unit-of-work.ts';
import { PostgresUsers } from './postgres-users.ts';
import type { Sql } from './sql.ts';

/** A store with the ports and repositories of these parts. */
export type PostgresStore<Parts extends readonly AnyPart[]> = Omit<StorePorts, 'unitOfWork'> &
  PortsOf<Parts> & { readonly unitOfWork: UnitOfWork<Transaction & RepositoriesOf<Parts>> };

/** The ports of a store on a database that was migrated with the same parts of modules. */
export function postgresStore<const Parts extends readonly AnyPart[] = []>(
  sql: Sql,
  parts?: Parts,
): PostgresStore<Parts> {
  const unitOfWork = new PostgresUnitOfWork(sql, parts ?? []);
  const outside = unitOfWork.outside();
  const store: StorePorts = {
    users: new PostgresUsers(outside),
    sessions: new PostgresSessions(outside),
    knownNetworks: new PostgresKnownNetworks(outside),
    oneTimeTokens: new PostgresOneTimeTokens(outside),
    audit: new PostgresAudit(outside),
    keys: new PostgresKeyStore(outside),
    unitOfWork,
  };
  return mergeDistinct('ports', store, ...(parts ?? []).map((part) => part.ports(outside))) as PostgresStore<Parts>;
}
