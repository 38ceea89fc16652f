import * as v from 'valibot';
import {
  type Anyone,
  Id,
  isAdmin,
  isMember,
  line,
  prose,
  type User,
  type UserId,
  visibleLine,
  visibleProse,
} from '../index.ts';

/** The id of a post: a positive integer that is never used again. */
export type PostId = number;

/** Something that a member wrote: a draft until it is published. */
export interface Post {
  readonly id: PostId;
  readonly title: string;
  readonly content: string;
  readonly published: boolean;
  readonly authorId: UserId;
  readonly createdAt: Date;
}

/** A post and its author. */
export interface PostWithAuthor {
  readonly post: Post;
  readonly author: Pick<User, 'id' | 'name' | 'profile' | 'isActive'>;
}

export const Title = v.pipe(visibleLine(5, 100), v.examples(['A first post']));
export const Content = v.pipe(visibleProse(20, 50_000), v.examples(['Twenty characters or more of it.']));

/** What was stored before titles and contents had to be visible, too: an export can be imported again. */
export const StoredTitle = line(5, 100);
export const StoredContent = prose(20, 50_000);

/** A post as its readers see it. */
export const PostView = v.pipe(
  v.object({
    id: Id,
    title: v.pipe(v.string(), v.examples(['A first post'])),
    content: v.pipe(v.string(), v.examples(['Twenty characters or more of it.'])),
    published: v.boolean(),
    authorId: Id,
    createdAt: v.date(),
  }),
  v.title('Post'),
);
export type PostView = v.InferOutput<typeof PostView>;

export function toPostView(post: Post): PostView {
  const { id, title, content, published, authorId, createdAt } = post;
  return { id, title, content, published, authorId, createdAt };
}

/** Every caller may read what an active member has published. Any other post is for its author and for admins. */
export function canReadPost(
  caller: Anyone,
  { post, author }: { readonly post: Post; readonly author: Pick<User, 'isActive'> },
): boolean {
  return (post.published && author.isActive) || canEditPost(caller, post);
}

/** Authors and admins may change and delete a post. */
export function canEditPost(caller: Anyone, post: Post): boolean {
  return isAdmin(caller) || (isMember(caller) && caller.user.id === post.authorId);
}
