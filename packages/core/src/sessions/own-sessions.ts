import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { NoInput, NoOutput, parse } from '../model/input.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { expiryOf, SessionId } from '../model/session.ts';

/** A session as its user sees it. */
export const SessionView = v.object({
  id: v.string(),
  createdAt: v.date(),
  lastUsedAt: v.date(),
  /** When it is over unless it is used before. */
  expiresAt: v.date(),
  ip: v.nullable(v.string()),
  userAgent: v.nullable(v.string()),
  /** Whether it is the one that asks. */
  current: v.boolean(),
});
export type SessionView = v.InferOutput<typeof SessionView>;

/** The sessions in which a member is logged in, the newest first. */
export class ListSessions {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = v.array(SessionView);

  readonly #ports: Pick<Ports, 'sessions' | 'clock'>;
  readonly #policy: Policy;
  constructor(ports: Pick<Ports, 'sessions' | 'clock'>, policy: Policy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `unavailable` */
  async execute(caller: Member): Promise<SessionView[]> {
    const now = this.#ports.clock.now();
    const usedSince = secondsAfter(now, -this.#policy.refreshTokenLifetime);
    const live = await this.#ports.sessions.listLive(caller.user.id, { at: now, usedSince });
    return live.map((session) => ({
      id: session.id,
      createdAt: session.createdAt,
      lastUsedAt: session.lastUsedAt,
      expiresAt: expiryOf(session, this.#policy),
      ip: session.ip ?? null,
      userAgent: session.userAgent ?? null,
      current: session.id === caller.sessionId,
    }));
  }
}

export const EndSessionInput = v.object({ id: SessionId });

/** Ends one of a member's sessions; its access token is worth nothing from then on. */
export class EndSession {
  static readonly caller = 'member';
  static readonly input = EndSessionInput;
  static readonly output = NoOutput;

  readonly #ports: Pick<Ports, 'unitOfWork' | 'clock'>;
  constructor(ports: Pick<Ports, 'unitOfWork' | 'clock'>) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `session_not_found` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof EndSessionInput>): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    const { id } = parse(EndSessionInput, input);
    await unitOfWork.run(async ({ sessions, audit }) => {
      const found = await sessions.lock(id);
      if (found?.user.id !== caller.user.id || !(await sessions.end(id, clock.now()))) {
        throw new SallyportError('session_not_found');
      }
      await audit.append(happened('session.ended', caller, clock.now(), caller.user.id, { count: 1 }));
    });
  }
}

/** Ends all sessions of a member, the one that asks too. */
export class EndAllSessions {
  static readonly caller = 'member';
  static readonly input = NoInput;
  static readonly output = NoOutput;

  readonly #ports: Pick<Ports, 'unitOfWork' | 'clock'>;
  constructor(ports: Pick<Ports, 'unitOfWork' | 'clock'>) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(caller: Member): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ users, sessions, audit }) => {
      // Of those who end several sessions of an account at once, one waits for the other.
      await users.lockCredentials(caller.user.id);
      const count = await sessions.endAllOf(caller.user.id, clock.now());
      await audit.append(happened('session.ended', caller, clock.now(), caller.user.id, { count }));
    });
  }
}
