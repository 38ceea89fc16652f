import { keepAnAdmin } from './keep-an-admin.ts';
import type { Anyone, Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import type { UserId } from '../model/user.ts';

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Removes a member's own account, with their sessions and posts. */
export class DeleteAccount {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `last_admin` | `user_no_longer_exists` | `unavailable` */
  async execute(caller: Member): Promise<void> {
    if (!(await deleteAccount(this.#ports, caller, caller.user.id))) throw new SallyportError('user_no_longer_exists');
  }
}

/** What deleting an account means, whoever asks for it; says whether there was one. */
export function deleteAccount({ unitOfWork, clock }: Needs, caller: Anyone, id: UserId): Promise<boolean> {
  return unitOfWork.run(async ({ users, audit }) => {
    await keepAnAdmin(users, id);
    const deleted = await users.delete(id);
    if (deleted) await audit.append(happened('user.deleted', caller, clock.now(), id));
    return deleted;
  });
}
