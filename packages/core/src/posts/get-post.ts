import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { canReadPost, PostView, toPostView } from '../model/post.ts';

export const GetPostInput = v.object({ id: Id });

/** A post and what everybody may know of its author. */
export const PostWithAuthorView = v.object({
  ...PostView.entries,
  author: v.object({ id: Id, name: v.string(), city: v.string() }),
});
export type PostWithAuthorView = v.InferOutput<typeof PostWithAuthorView>;

type Needs = Pick<Ports, 'posts'>;

/** One post; a draft that the caller may not see does not exist for them. */
export class GetPost {
  static readonly caller = 'anyone';
  static readonly input = GetPostInput;
  static readonly output = PostWithAuthorView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `post_not_found` | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof GetPostInput>): Promise<PostWithAuthorView> {
    const { id } = parse(GetPostInput, input);
    const found = await this.#ports.posts.findWithAuthor(id);
    if (!found || !canReadPost(caller, found.post)) throw new SallyportError('post_not_found');
    return { ...toPostView(found.post), author: found.author };
  }
}
