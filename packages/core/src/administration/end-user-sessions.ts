import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { Id, NoOutput, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const EndUserSessionsInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Ends every session of a user. */
export class EndUserSessions {
  static readonly caller = 'admin';
  static readonly input = EndUserSessionsInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof EndUserSessionsInput>): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    const { id } = parse(EndUserSessionsInput, input);
    await unitOfWork.run(async ({ users, sessions, audit }) => {
      if (!(await users.lockCredentials(id))) throw new SallyportError('user_not_found');
      const count = await sessions.endAllOf(id, clock.now());
      await audit.append(happened('session.ended', caller, clock.now(), id, { count }));
    });
  }
}
