import type { Member } from '../model/caller.ts';
import { NoInput } from '../model/input.ts';
import { toUserView, UserView } from '../model/user.ts';

/** The member's own account, as it was found when they were authenticated. */
export class GetProfile {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = UserView;

  async execute(caller: Member): Promise<UserView> {
    return toUserView(caller.user);
  }
}
