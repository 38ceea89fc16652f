import type { Queries, Sql, Statement } from '@sallyport/adapters-postgres';
import { SpanKind } from '@opentelemetry/api';
import { inSpan } from './spans.ts';

/**
 * The same database, with a span for each statement and each transaction. A span shows the text of its statement, in
 * which parameters stand for values.
 */
export function spanningSql(sql: Sql): Sql {
  const spanning = (queries: Queries) => ({
    schema: queries.schema,
    table: (name: string) => queries.table(name),
    query: <Row>(statement: Statement) => inStatement(statement, () => queries.query<Row>(statement)),
  });
  return {
    ...spanning(sql),
    transaction: (work) =>
      inSpan('TRANSACTION', { kind: SpanKind.CLIENT, attributes: system }, () =>
        sql.transaction((queries) =>
          // The span of a write that is sent ahead ends when it was sent. Its time is part of the transaction's.
          work({ ...spanning(queries), send: (statement) => inStatement(statement, () => queries.send(statement)) }),
        ),
      ),
    migrating: (work) => sql.migrating(work),
    poolState: sql.poolState,
    close: () => sql.close(),
  };
}

function inStatement<Result>(statement: Statement, run: () => Promise<Result>): Promise<Result> {
  const operation = operationOf(statement);
  const attributes = { ...system, 'db.operation.name': operation, 'db.query.text': statement.text };
  return inSpan(operation, { kind: SpanKind.CLIENT, attributes }, run);
}

const system = { 'db.system.name': 'postgresql' };

/** The first word of a statement, such as `SELECT`. */
function operationOf({ text }: Statement): string {
  return (/\w+/.exec(text)?.[0] ?? '').toUpperCase();
}
