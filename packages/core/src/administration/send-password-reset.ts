import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { Id, NoOutput, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const SendPasswordResetInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Mails a user a link by which they choose a new password. */
export class SendPasswordReset {
  static readonly caller = 'admin';
  static readonly input = SendPasswordResetInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof SendPasswordResetInput>): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    const { id } = parse(SendPasswordResetInput, input);
    await unitOfWork.run(async ({ users, outbox, audit }) => {
      const found = await users.lockCredentials(id);
      if (!found) throw new SallyportError('user_not_found');
      await outbox.append({ kind: 'reset-password', email: found.user.email, queuedAt: clock.now() });
      await audit.append(happened('user.password_reset_requested', caller, clock.now(), id));
    });
  }
}
