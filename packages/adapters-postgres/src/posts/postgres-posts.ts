import { assignedId, type ProfileDocument, type StorePage, type UserId } from '@sallyport/core';
import type {
  ImportedPost,
  NewPost,
  Post,
  PostChanges,
  PostFilter,
  PostId,
  PostKeys,
  Posts,
  PostWithAuthor,
  WritablePosts,
} from '@sallyport/core/posts';
import sql, { join, type Sql } from 'sql-template-tag';
import { given } from '../clauses.ts';
import { deleteSelected } from '../delete-selected.ts';
import { importPosts } from './import-posts.ts';
import { PostsWalk } from './posts-walk.ts';
import { postColumns, type PostRow, toPost } from './rows.ts';
import type { Queries, TransactionQueries } from '../sql.ts';

interface PostWithAuthorRow extends PostRow {
  readonly author_name: string;
  readonly author_profile: ProfileDocument;
  readonly author_is_active: boolean;
}

const selectWithAuthor = (posts: Sql, users: Sql, id: PostId) => sql`
  select ${postColumns},
    users.name as author_name, users.profile as author_profile, users.is_active as author_is_active
  from ${posts} join ${users} on users.id = posts.author_id
  where posts.id = ${id}`;

function toPostWithAuthor(row: PostWithAuthorRow): PostWithAuthor {
  const { author_id: id, author_name: name, author_profile: profile, author_is_active: isActive } = row;
  return { post: toPost(row), author: { id, name, profile, isActive } };
}

export class PostgresPosts implements Posts {
  readonly #queries: Queries;
  readonly #posts: Sql;
  readonly #users: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#posts = queries.table('posts');
    this.#users = queries.table('users');
  }

  async findWithAuthor(id: PostId): Promise<PostWithAuthor | undefined> {
    const [row] = await this.#queries.query<PostWithAuthorRow>(selectWithAuthor(this.#posts, this.#users, id));
    return row && toPostWithAuthor(row);
  }

  async list(filter: PostFilter, page: StorePage): Promise<readonly Post[]> {
    const rows = await new PostsWalk(this.#queries, filter).collect(page);
    return rows.map(toPost);
  }
}

export class PostgresWritablePosts implements WritablePosts {
  readonly #queries: TransactionQueries;
  readonly #posts: Sql;
  readonly #users: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#posts = queries.table('posts');
    this.#users = queries.table('users');
  }

  async append({ title, content, published, authorId, createdAt }: NewPost): Promise<Post> {
    const [row] = await this.#queries.query<PostRow>(sql`
      insert into ${this.#posts} (title, content, published, author_id, created_at)
      values (${title}, ${content}, ${published}, ${authorId}, ${createdAt})
      returning ${postColumns}`);
    const appended = toPost(row as PostRow);
    return { ...appended, id: assignedId(appended.id) };
  }

  import(posts: readonly ImportedPost[]): Promise<readonly (PostId | undefined)[]> {
    return importPosts(this.#queries, posts);
  }

  async findAny({ ids, authorIds, createdAt }: PostKeys): Promise<readonly Post[]> {
    const rows = await this.#queries.query<PostRow>(sql`
      select ${postColumns} from ${this.#posts}
      where id = any (${ids}::bigint[])
        or (author_id = any (${authorIds}::bigint[]) and created_at = any (${createdAt}::timestamptz[]))`);
    return rows.map(toPost);
  }

  async lock(id: PostId): Promise<PostWithAuthor | undefined> {
    const [row] = await this.#queries.query<PostWithAuthorRow>(
      sql`${selectWithAuthor(this.#posts, this.#users, id)} for update of posts`,
    );
    return row && toPostWithAuthor(row);
  }

  async update(id: PostId, { title, content, published }: PostChanges): Promise<Post | undefined> {
    const assignments = [
      ...given(title, (value) => sql`title = ${value}`),
      ...given(content, (value) => sql`content = ${value}`),
      ...given(published, (value) => sql`published = ${value}`),
    ];
    const [row] = await this.#queries.query<PostRow>(
      assignments.length > 0
        ? sql`update ${this.#posts} set ${join(assignments)} where id = ${id} returning ${postColumns}`
        : sql`select ${postColumns} from ${this.#posts} where id = ${id}`,
    );
    return row && toPost(row);
  }

  async delete(id: PostId): Promise<boolean> {
    const deleted = await this.#queries.query(sql`delete from ${this.#posts} where id = ${id} returning id`);
    return deleted.length > 0;
  }

  async purgeAllOf(authorId: UserId, limit: number): Promise<number> {
    // Published posts and drafts lie apart in the index.
    const newest = (published: boolean) => sql`(
      select id, ctid from ${this.#posts} where author_id = ${authorId} and published = ${published}
      order by id desc limit ${limit})`;
    const all = sql`${newest(true)} union all ${newest(false)}`;
    const some = sql`select ctid from (${all}) as posts order by id desc limit ${limit}`;
    return deleteSelected(this.#queries, this.#posts, some);
  }
}
