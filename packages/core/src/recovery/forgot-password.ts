import * as v from 'valibot';
import type { Anyone } from '../caller.ts';
import { Email } from '../identity/email.ts';
import { parse } from '../input.ts';
import type { Ports } from '../ports/ports.ts';

export const ForgotPasswordInput = v.object({ email: Email });

/** What everybody is told. */
export const ForgotPasswordView = v.object({ message: v.string() });
export type ForgotPasswordView = v.InferOutput<typeof ForgotPasswordView>;

const message = 'If that email exists, a reset link has been sent';

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Has a link mailed by which the holder of an account chooses a new password. */
export class ForgotPassword {
  static readonly input = ForgotPasswordInput;
  static readonly output = ForgotPasswordView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /**
   * Does the same for everybody: whether there is such an account, nobody looks before the mail is sent.
   *
   * @throws SallyportError `validation_failed` | `unavailable`
   */
  async execute(_caller: Anyone, input: v.InferInput<typeof ForgotPasswordInput>): Promise<ForgotPasswordView> {
    const { unitOfWork, clock } = this.#ports;
    const { email } = parse(ForgotPasswordInput, input);
    await unitOfWork.run(({ outbox }) => outbox.append({ kind: 'reset-password', email, queuedAt: clock.now() }));
    return { message };
  }
}
