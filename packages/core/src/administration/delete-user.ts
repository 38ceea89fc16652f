import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { deleteAccount } from '../identity/delete-account.ts';
import { Id, NoOutput, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const DeleteUserInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Removes an account, with its sessions and posts. */
export class DeleteUser {
  static readonly caller = 'admin';
  static readonly input = DeleteUserInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `last_admin` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof DeleteUserInput>): Promise<void> {
    const { id } = parse(DeleteUserInput, input);
    if (!(await deleteAccount(this.#ports, caller, id))) throw new SallyportError('user_not_found');
  }
}
