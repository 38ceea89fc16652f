import type { UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';
import type { Post, PostId, PostWithAuthor } from '../model/post.ts';

/** Which posts to list; what is left out does not matter. */
export interface PostFilter {
  readonly authorId?: UserId | undefined;
  readonly published?: boolean | undefined;
  /** Of the drafts, only those by this author. */
  readonly draftsOf?: UserId | undefined;
  /** Only posts by authors who are active. */
  readonly byActive?: boolean | undefined;
}

/** Reads posts, outside any transaction. */
export interface Posts {
  /** The post with this id and its author, if the author's account exists. */
  findWithAuthor(id: PostId): Promise<PostWithAuthor | undefined>;

  /** Posts whose author's account exists, by descending id, newest first; `page.after` is the id to start behind. */
  list(filter: PostFilter, page: StorePage): Promise<readonly Post[]>;
}

/** A post that is not stored yet. */
export type NewPost = Omit<Post, 'id'>;

/** The fields of a post that may change; those left out stay. */
export type PostChanges = {
  readonly [Field in 'title' | 'content' | 'published']?: Post[Field] | undefined;
};

/** Writes posts, inside a transaction. */
export interface WritablePosts {
  /** Stores a post under the next free id; ids are never used again. The caller has locked its author. */
  append(post: NewPost): Promise<Post>;

  /**
   * The post with this id and its author, if the author's account exists. Every other transaction is kept from changing
   * the post until this one ends; the author is not locked.
   */
  lock(id: PostId): Promise<PostWithAuthor | undefined>;

  /** Changes just these fields, in one step, and returns the post as it is now. */
  update(id: PostId, changes: PostChanges): Promise<Post | undefined>;

  /** Removes the post; says whether there was one. */
  delete(id: PostId): Promise<boolean>;

  /** Removes at most so many posts of an author, the newest first, and says how many: fewer only if none is left. */
  purgeAllOf(authorId: UserId, limit: number): Promise<number>;
}
