import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { NewPassword } from '../model/password.ts';
import { refuseGuessable } from '../identity/password-policy.ts';
import { unknownCity } from '../model/user.ts';
import { parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const BootstrapAdminInput = v.object({ email: Email, password: NewPassword });

/** What an operator's first admin is called, who may be no person at all. */
const profile = { name: 'Administrator', age: 0, city: unknownCity };

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'commonPasswords' | 'clock'>;

/** Makes the first admin where there is none, and says whether it did. Nobody is promoted. */
export class BootstrapAdmin {
  static readonly caller = 'system';

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `email_taken` when a user has this address | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof BootstrapAdminInput>): Promise<boolean> {
    const { unitOfWork, hasher, commonPasswords, clock } = this.#ports;
    const { email, password } = parse(BootstrapAdminInput, input);
    await refuseGuessable(password, { ...profile, email }, commonPasswords, 'password');
    if (await this.#hasAdmin()) return false;

    const passwordHash = await hasher.hash(password);
    return unitOfWork.run(async ({ users, audit }) => {
      // Of nodes that start together one makes the admin, whatever address each of them was given.
      if ((await users.lockActiveAdmins()).length > 0) return false;
      const createdAt = clock.now();
      const admin = await users.append({
        ...profile,
        email,
        role: 'admin',
        isActive: true,
        emailVerified: true,
        createdAt,
        passwordHash,
      });
      await audit.append(happened('user.registered', caller, createdAt, admin.id, { role: 'admin' }));
      return true;
    });
  }

  async #hasAdmin(): Promise<boolean> {
    const admins = await this.#ports.users.list({ role: 'admin', isActive: true }, { skip: 0, limit: 1 });
    return admins.length > 0;
  }
}
