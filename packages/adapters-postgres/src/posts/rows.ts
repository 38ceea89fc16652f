import type { Post } from '@sallyport/core/posts';
import sql from 'sql-template-tag';

/** The columns of a post, named for `PostRow`. */
export const postColumns = sql`posts.id, posts.title, posts.content, posts.published, posts.author_id, posts.created_at`;

export interface PostRow {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly published: boolean;
  readonly author_id: number;
  readonly created_at: Date;
}

export function toPost(row: PostRow): Post {
  const { id, title, content, published, author_id: authorId, created_at: createdAt } = row;
  return { id, title, content, published, authorId, createdAt };
}
