import sql from 'sql-template-tag';
import type { Sql } from '../src/index.ts';

/** Everything that a schema consists of, as sentences; the order of columns aside. */
export async function describeSchema(database: Sql): Promise<readonly string[]> {
  const rows = await database.query<{ readonly thing: string }>(sql`
    with tables as (
      select pg_class.oid, relname, relkind from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname = ${database.schema} and relname not like 'sallyport\_migrations%'
    )
    select format('%s %s', relkind, relname) as thing from tables
    union all
    select format('column %s.%s %s collate %s default %s identity %s not null %s', relname, attname,
      format_type(atttypid, atttypmod), collname, pg_get_expr(adbin, adrelid), attidentity, attnotnull)
    from tables join pg_attribute on attrelid = tables.oid and attnum > 0 and not attisdropped
      left join pg_collation on pg_collation.oid = attcollation
      left join pg_attrdef on adrelid = tables.oid and adnum = attnum
    where relkind = 'r'
    union all
    select format('%s valid %s', pg_get_indexdef(indexrelid), indisvalid)
    from tables join pg_index on indrelid = tables.oid
    union all
    select format('constraint %s on %s: %s', conname, relname, pg_get_constraintdef(pg_constraint.oid))
    from tables join pg_constraint on conrelid = tables.oid
    union all
    select format('trigger %s on %s', tgname, relname) from tables join pg_trigger on tgrelid = tables.oid
    order by thing`);
  return rows.map(({ thing }) => thing);
}
