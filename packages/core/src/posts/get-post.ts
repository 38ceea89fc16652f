import * as v from 'valibot';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import type { Policy } from '../model/policy.ts';
import { canReadPost, type PostWithAuthor, PostView, toPostView } from '../model/post.ts';
import { ProfileView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** A post, and the fields of its author that every reader may see. */
export const PostWithAuthorView = v.object({
  ...PostView.entries,
  author: v.object({ id: Id, name: v.string(), profile: ProfileView }),
});
export type PostWithAuthorView = v.InferOutput<typeof PostWithAuthorView>;

type Needs = Pick<Ports, 'posts'> & { readonly policy: Pick<Policy, 'profile' | 'authorFields'> };

/** Reads one post. A draft, or a post of a deactivated member, does not exist for a caller who may not see it. */
export const getPost = useCase({
  caller: 'anyone',
  input: v.object({ id: Id }),
  output: PostWithAuthorView,
  errors: ['post_not_found'],
  async run({ posts, policy }: Needs, caller, { id }): Promise<PostWithAuthorView> {
    const found = await posts.findWithAuthor(id);
    if (!found || !canReadPost(caller, found)) throw new SallyportError('post_not_found');
    return { ...toPostView(found.post), author: authorOf(found, policy) };
  },
});

/** The fields of its author that a post shows to every reader, as the host chose them. */
function authorOf(
  { author: { id, name, profile } }: PostWithAuthor,
  policy: Needs['policy'],
): PostWithAuthorView['author'] {
  return { id, name, profile: policy.profile.pick(profile, policy.authorFields) };
}
