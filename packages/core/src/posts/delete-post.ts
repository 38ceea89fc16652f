import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { Id, NoOutput, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { lockEditable } from './edit-post.ts';

export const DeletePostInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork'>;

/** Removes a post for good. */
export class DeletePost {
  static readonly caller = 'member';
  static readonly input = DeletePostInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `post_not_found` | `post_delete_denied` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof DeletePostInput>): Promise<void> {
    const { id } = parse(DeletePostInput, input);
    await this.#ports.unitOfWork.run(async ({ posts }) => {
      await lockEditable(posts, id, caller, 'post_delete_denied');
      await posts.delete(id);
    });
  }
}
