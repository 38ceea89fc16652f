import { assignedId } from '@sallyport/core';
import type { ImportedPost, PostId } from '@sallyport/core/posts';
import sql from 'sql-template-tag';
import { reserveIds, sequenceOf } from '../imported-ids.ts';
import type { TransactionQueries } from '../sql.ts';

/** Stores these posts in one statement, and returns their ids in the same order; `undefined` for those left out. */
export async function importPosts(
  queries: TransactionQueries,
  posts: readonly ImportedPost[],
): Promise<readonly (PostId | undefined)[]> {
  await reserveIds(queries, 'posts', posts);
  const rows = await queries.query<{ readonly id: PostId; readonly position: number }>(sql`
    with numbered as (
      select imported.*, coalesce(id, nextval(${sequenceOf(queries, 'posts')})) as number
      from jsonb_to_recordset(${JSON.stringify(posts.map(toRow))}::jsonb) as imported (
        position integer, id bigint, title text, content text, published boolean, author_id bigint,
        created_at timestamptz)
    ), stored as (
      insert into ${queries.table('posts')} (id, title, content, published, author_id, created_at)
      overriding system value
      select number, title, content, published, author_id, created_at from numbered order by position
      on conflict do nothing
      returning id
    )
    select stored.id, min(position) as position from stored join numbered on number = stored.id group by stored.id`);
  const ids = new Map(rows.map(({ id, position }) => [position, assignedId(id)]));
  return posts.map((_, position) => ids.get(position));
}

/** The columns of a post, by their names. */
function toRow({ id, title, content, published, authorId, createdAt }: ImportedPost, position: number): object {
  return { position, id, title, content, published, author_id: authorId, created_at: createdAt };
}
