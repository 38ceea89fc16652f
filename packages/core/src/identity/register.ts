import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { Email } from '../model/email.ts';
import { NewPassword } from '../model/password.ts';
import { refuseGuessable } from './password-policy.ts';
import { Age, City, Name, toUserView, unknownCity, UserView } from '../model/user.ts';

export const RegisterInput = v.object({
  name: Name,
  email: Email,
  password: NewPassword,
  age: Age,
  city: v.nullish(City, unknownCity),
});

type Needs = Pick<Ports, 'unitOfWork' | 'hasher' | 'commonPasswords'> & CountingPorts;

/** Makes an account for whoever asks, with the role of a user, and has their address confirmed by mail. */
export class Register {
  static readonly caller = 'anyone';
  static readonly input = RegisterInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `rate_limited` | `email_taken` | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof RegisterInput>): Promise<UserView> {
    const { unitOfWork, hasher, commonPasswords, clock } = this.#ports;
    const { password, ...profile } = parse(RegisterInput, input);
    await admit(this.#ports, this.#policy, 'register', caller);
    await refuseGuessable(password, profile, commonPasswords, 'password');

    const passwordHash = await hasher.hash(password);
    const createdAt = clock.now();
    const user = await unitOfWork.run(async ({ users, outbox, audit }) => {
      const registered = await users.append({
        ...profile,
        role: 'user',
        isActive: true,
        emailVerified: false,
        createdAt,
        passwordHash,
      });
      await outbox.append({ kind: 'verify-email', email: registered.email, queuedAt: createdAt });
      await audit.append(happened('user.registered', caller, createdAt, registered.id));
      return registered;
    });
    return toUserView(user);
  }
}
