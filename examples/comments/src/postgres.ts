import { fileURLToPath } from 'node:url';
import type { PostgresPart, Queries } from '@sallyport/adapters-postgres';
import type { StorePage } from '@sallyport/core';
import sql from 'sql-template-tag';
import type { Comment } from './comment.ts';
import type { Comments, CommentsPorts, CommentsTransaction, NewComment, WritableComments } from './comments.ts';

/** The comments of a store on Postgres. */
export const postgresComments: PostgresPart<CommentsPorts, CommentsTransaction> = {
  name: 'comments',
  directory: fileURLToPath(new URL('../migrations', import.meta.url)),
  ports: (queries) => ({ comments: new PostgresComments(queries) }),
  repositories: (queries) => ({ comments: new PostgresWritableComments(queries) }),
};

/** The columns of a comment, with the names of its fields. */
const columns = sql`
  comments.id, comments.post_id as "postId", comments.post_author_id as "postAuthorId",
  comments.author_id as "authorId", comments.text, comments.created_at as "createdAt"`;

class PostgresComments implements Comments {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async list(postId: number, { skip, limit, after = 0 }: StorePage): Promise<readonly Comment[]> {
    return this.#queries.query<Comment>(sql`
      select ${columns} from ${this.#queries.table('comments')} as comments
      join ${this.#queries.table('users')} as users on users.id = comments.author_id and users.is_active
      where post_id = ${postId} and comments.id > ${after}
      order by comments.id offset ${skip} limit ${limit}`);
  }
}

class PostgresWritableComments implements WritableComments {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async append({ postId, postAuthorId, authorId, text, createdAt }: NewComment): Promise<Comment> {
    const [row] = await this.#queries.query<Comment>(sql`
      insert into ${this.#queries.table('comments')} as comments (post_id, post_author_id, author_id, text, created_at)
      values (${postId}, ${postAuthorId}, ${authorId}, ${text}, ${createdAt})
      returning ${columns}`);
    return row as Comment;
  }

  async lock(id: number): Promise<Comment | undefined> {
    const [row] = await this.#queries.query<Comment>(sql`
      select ${columns} from ${this.#queries.table('comments')} as comments where id = ${id} for update`);
    return row;
  }

  async delete(id: number): Promise<boolean> {
    const deleted = await this.#queries.query(sql`
      delete from ${this.#queries.table('comments')} where id = ${id} returning id`);
    return deleted.length > 0;
  }

  async purgeAllOf(userId: number, limit: number): Promise<number> {
    const comments = this.#queries.table('comments');
    // A row that another transaction deletes first is not in the list, which then goes on with the next one.
    const purged = await this.#queries.query(sql`
      delete from ${comments} where id = any (array(
        select id from ${comments} where author_id = ${userId} or post_author_id = ${userId} limit ${limit} for update))
      returning id`);
    return purged.length;
  }
}
