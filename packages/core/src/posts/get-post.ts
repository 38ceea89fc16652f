import * as v from 'valibot';
import { Id, type JsonValue, type Policy, useCase } from '../index.ts';
import { postsErrors } from './errors.ts';
import { canReadPost, PostView, type PostWithAuthor, toPostView } from './post.ts';
import type { PostsPorts } from './posts.ts';

/** A post, and the fields of its author that every reader may see. */
export interface PostWithAuthorView extends PostView {
  readonly author: { readonly id: number; readonly name: string; readonly profile: Record<string, JsonValue> };
}

type Needs = PostsPorts & { readonly policy: Pick<Policy, 'profile'> };

/** The options of a host. */
export interface PostsOptions {
  /** The profile fields of its author that a post shows to every reader; none if absent. */
  readonly author?: readonly string[] | undefined;
}

/** @throws Error that names a field for authors that the profile does not have */
export function refuseUnknownFields({ author = [] }: PostsOptions, { profile }: Pick<Policy, 'profile'>): void {
  const unknown = author.find((name) => !Object.hasOwn(profile.fields, name));
  if (unknown !== undefined) throw new Error(`The profile has no field "${unknown}" for authors to show`);
}

/** Reads one post. A draft, or a post of a deactivated member, does not exist for a caller who may not see it. */
export const getPost = ({ author: fields = [] }: PostsOptions) =>
  useCase({
    caller: 'anyone',
    joinable: true,
    input: v.object({ id: Id }),
    output: ({ profile }) =>
      v.pipe(
        v.object({
          ...PostView.entries,
          author: v.pipe(
            v.object({
              id: Id,
              name: v.pipe(v.string(), v.examples(['Ada Lovelace'])),
              profile: profile.shown(fields),
            }),
            v.title('PostAuthor'),
          ),
        }),
        v.title('PostWithAuthor'),
      ),
    errors: ['posts.not_found'],
    async run({ posts, policy }: Needs, caller, { id }): Promise<PostWithAuthorView> {
      const found = await posts.findWithAuthor(id);
      if (!found || !canReadPost(caller, found)) throw postsErrors.refusal('posts.not_found');
      return { ...toPostView(found.post), author: authorOf(found, policy, fields) };
    },
  });

/** The fields of its author that a post shows to every reader, as the host chose them. */
function authorOf(
  { author: { id, name, profile } }: PostWithAuthor,
  policy: Needs['policy'],
  fields: readonly string[],
): PostWithAuthorView['author'] {
  return { id, name, profile: policy.profile.pick(profile, fields) };
}
