import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { Email } from '../model/email.ts';
import { parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';

export const ForgotPasswordInput = v.object({ email: Email });

/** What everybody is told. */
export const ForgotPasswordView = v.object({ message: v.string() });
export type ForgotPasswordView = v.InferOutput<typeof ForgotPasswordView>;

const message = 'If that email exists, a reset link has been sent';

type Needs = Pick<Ports, 'unitOfWork'> & CountingPorts;

/** Has a link mailed by which the holder of an account chooses a new password. */
export class ForgotPassword {
  static readonly caller = 'anyone';
  static readonly input = ForgotPasswordInput;
  static readonly output = ForgotPasswordView;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * Does the same for everybody: whether there is such an account, nobody looks before the mail is sent.
   *
   * @throws SallyportError `validation_failed` | `rate_limited` | `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof ForgotPasswordInput>): Promise<ForgotPasswordView> {
    const { unitOfWork, clock } = this.#ports;
    const { email } = parse(ForgotPasswordInput, input);
    await admit(this.#ports, this.#policy, 'forgotPassword', caller, email);
    await unitOfWork.run(({ outbox }) => outbox.append({ kind: 'reset-password', email, queuedAt: clock.now() }));
    return { message };
  }
}
