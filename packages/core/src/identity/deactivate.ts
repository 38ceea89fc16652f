import { keepAnAdmin } from './keep-an-admin.ts';
import type { Anyone, Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { toUserView, type UserId, UserView } from '../model/user.ts';

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Takes a member's own account out of use and ends every session of theirs. */
export class Deactivate {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `last_admin` | `user_no_longer_exists` | `unavailable` */
  async execute(caller: Member): Promise<UserView> {
    const view = await deactivate(this.#ports, caller, caller.user.id);
    if (!view) throw new SallyportError('user_no_longer_exists');
    return view;
  }
}

/** What deactivating means, whoever asks for it. */
export async function deactivate(
  { unitOfWork, clock }: Needs,
  caller: Anyone,
  id: UserId,
): Promise<UserView | undefined> {
  const user = await unitOfWork.run(async (transaction) => {
    const { users, sessions, audit } = transaction;
    await keepAnAdmin(users, id);
    const deactivated = await users.update(id, { isActive: false });
    if (!deactivated) return undefined;
    await sessions.endAllOf(id, clock.now());
    await forgetLinks(transaction, id);
    await audit.append(happened('user.deactivated', caller, clock.now(), id));
    return deactivated;
  });
  return user && toUserView(user);
}
