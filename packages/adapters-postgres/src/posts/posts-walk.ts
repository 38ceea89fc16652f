import type { StorePage } from '@sallyport/core';
import type { PostFilter, PostId } from '@sallyport/core/posts';
import sql, { empty, join, type Sql } from 'sql-template-tag';
import { given, where } from '../clauses.ts';
import { postColumns, type PostRow } from './rows.ts';
import type { Queries } from '../sql.ts';

/** Maximum number of posts that one statement reads while all of them are hidden. */
const longestStride = 2_000;

/** Maximum number of authors whose newest posts one statement compares to find the next visible post. */
const mostAuthors = 2_000;

/** A post that a walk finds. Its columns are null if its author is hidden, or if the page skips it. */
type MetRow = { readonly met_id: PostId; readonly is_shown: boolean } & {
  readonly [Name in keyof PostRow]: PostRow[Name] | null;
};

/**
 * Walks posts from the newest on, and skips those of hidden authors: of inactive accounts, and of closed accounts whose
 * rows are not deleted yet. There may be millions of such posts in a row, so no statement reads all of them.
 */
export class PostsWalk {
  readonly #queries: Queries;
  readonly #filter: PostFilter;
  readonly #posts: Sql;
  readonly #users: Sql;

  constructor(queries: Queries, filter: PostFilter) {
    this.#queries = queries;
    this.#filter = filter;
    this.#posts = queries.table('posts');
    this.#users = queries.table('users');
  }

  /** Returns a page of visible posts. It takes one statement while no author is hidden. */
  async collect({ skip, limit, after }: StorePage): Promise<readonly PostRow[]> {
    const page: PostRow[] = [];
    let [toSkip, stride, behind] = [skip, skip + limit, after];
    for (;;) {
      const met = await this.#look(behind, stride, toSkip);
      page.push(...met.filter((row): row is MetRow & PostRow => row.id !== null));
      if (met.length < stride || page.length >= limit) return page.slice(0, limit);
      const shown = met.filter((row) => row.is_shown).length;
      toSkip = Math.max(0, toSkip - shown);
      behind = met.at(-1)?.met_id;
      if (shown === 0 && stride >= longestStride) behind = await this.#leap(behind as PostId);
      if (behind === undefined) return page;
      const missing = toSkip + limit - page.length;
      stride = shown === 0 ? Math.min(4 * stride, longestStride) : Math.max(missing, Math.min(stride, longestStride));
    }
  }

  /** Reads the next posts, visible or hidden. What the page skips is counted and not read. */
  #look(behind: PostId | undefined, stride: number, toSkip: number): Promise<readonly MetRow[]> {
    // Each part uses its own index. The parts are merged.
    const parts = this.#parts().map(
      (conditions) => sql`(
        select id, author_id from ${this.#posts} as posts
        ${where([...conditions, ...given(behind, (id) => sql`id < ${id}`)])}
        order by id desc limit ${stride})`,
    );
    return this.#queries.query<MetRow>(sql`
      select met.id as met_id, met.is_shown, shown.*
      from (
        select met.id, author.id is not null as is_shown, count(author.id) over (order by met.id desc) as place
        from (select * from (${join(parts, ' union all ')}) as met order by id desc limit ${stride}) as met
        left join lateral (
          select id from ${this.#users} where id = met.author_id ${this.#isActive()} limit 1) as author on true
      ) as met
      left join lateral (
        select ${postColumns} from ${this.#posts}
        where posts.id = met.id and met.is_shown and met.place > ${toSkip} limit 1) as shown on true
      order by met.id desc`);
  }

  /**
   * Where to continue after a post: just above the next visible post, found by the newest post of each author;
   * `undefined` if there is none. If there are too many authors for that, after the post itself.
   */
  async #leap(behind: PostId): Promise<PostId | undefined> {
    const { published, authorId } = this.#filter;
    const conditions = [
      sql`author_id = writers.author_id`,
      sql`published = states.published`,
      sql`id < ${behind}`,
      ...given(published, (is) => sql`published = ${is}`),
      ...given(authorId, (id) => sql`author_id = ${id}`),
    ];
    const [found] = await this.#queries.query<{ readonly next: PostId | null; readonly authors: number }>(sql`
      with recursive writers (author_id, n) as (
        (select author_id, 1 from ${this.#posts} order by author_id limit 1)
        union all
        select following.author_id, n + 1 from writers, lateral (
          select author_id from ${this.#posts} as posts where author_id > writers.author_id
          order by author_id limit 1) as following
        where n < ${mostAuthors}::int
      )
      select max(newest.id) as next, (select count(*) from writers) as authors
      from writers
      cross join (values (true), (false)) as states (published)
      join ${this.#users} on users.id = writers.author_id ${this.#isActive()}
      join lateral (
        select id from ${this.#posts} as posts ${where(conditions)} order by id desc limit 1) as newest on true`);
    if (!found || found.authors >= mostAuthors) return behind;
    return found.next === null ? undefined : found.next + 1;
  }

  #isActive(): Sql {
    return this.#filter.byActive ? sql`and is_active` : empty;
  }

  /** The conditions of the filter, as disjoint sets of posts. */
  #parts(): readonly (readonly Sql[])[] {
    const { authorId, published, draftsOf } = this.#filter;
    // A hidden author is found once, not at each of their posts. The planner must not know the values: for a busy author
    // it would walk all posts, although those in this state may lie far behind.
    const byAuthor = given(
      authorId,
      (id) => sql`author_id = (select id from ${this.#users} where id = ${id} ${this.#isActive()})`,
    );
    const drafts = given(draftsOf, (id) => sql`author_id = (select ${id}::bigint)`);
    if (authorId === undefined && published === undefined && draftsOf === undefined) return [[]];
    const sets = [
      { published: true, conditions: [sql`published = true`] },
      { published: false, conditions: [sql`published = false`, ...drafts] },
    ];
    const wanted = sets.filter((set) => published === undefined || set.published === published);
    return wanted.map(({ conditions }) => [...byAuthor, ...conditions]);
  }
}
