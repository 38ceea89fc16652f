import { noon } from '../contracts/index.ts';
import type { NewPost } from './posts.ts';

/** A draft by this user. */
export function newPost(authorId: number, fields: Partial<NewPost> = {}): NewPost {
  return {
    title: 'On engines',
    content: 'Weaves algebraical patterns.',
    published: false,
    authorId,
    createdAt: noon,
    ...fields,
  };
}
