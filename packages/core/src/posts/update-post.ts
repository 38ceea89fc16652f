import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { lockEditable } from './edit-post.ts';
import { Content, PostView, Title, toPostView } from '../model/post.ts';

/** `null` stands for a field that was not sent. */
export const UpdatePostInput = v.object({
  id: Id,
  title: v.nullish(Title),
  content: v.nullish(Content),
  published: v.nullish(v.boolean()),
});

type Needs = Pick<Ports, 'unitOfWork'>;

/** Changes, publishes or withdraws a post; fields that are left out stay. */
export class UpdatePost {
  static readonly caller = 'member';
  static readonly input = UpdatePostInput;
  static readonly output = PostView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `post_not_found` | `post_update_denied` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof UpdatePostInput>): Promise<PostView> {
    const { id, title, content, published } = parse(UpdatePostInput, input);
    const changes = { title: title ?? undefined, content: content ?? undefined, published: published ?? undefined };
    const post = await this.#ports.unitOfWork.run(async ({ posts }) => {
      await lockEditable(posts, id, caller, 'post_update_denied');
      return posts.update(id, changes);
    });
    if (!post) throw new SallyportError('post_not_found');
    return toPostView(post);
  }
}
