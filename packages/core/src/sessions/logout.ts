import type { Member } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Ends the session that the caller acts in; its access token is worth nothing from then on. */
export class Logout {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(caller: Member): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ sessions, audit }) => {
      if (!(await sessions.end(caller.sessionId, clock.now()))) return;
      await audit.append(happened('session.ended', caller, clock.now(), caller.user.id, { count: 1 }));
    });
  }
}
