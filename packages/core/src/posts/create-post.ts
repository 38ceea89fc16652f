import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { Content, PostView, Title, toPostView } from '../model/post.ts';

export const CreatePostInput = v.object({ title: Title, content: Content });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Starts a draft by the caller. */
export class CreatePost {
  static readonly caller = 'member';
  static readonly input = CreatePostInput;
  static readonly output = PostView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_no_longer_exists` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof CreatePostInput>): Promise<PostView> {
    const { unitOfWork, clock } = this.#ports;
    const text = parse(CreatePostInput, input);
    const draft = { ...text, published: false, authorId: caller.user.id, createdAt: clock.now() };
    return toPostView(await unitOfWork.run(({ posts }) => posts.append(draft)));
  }
}
