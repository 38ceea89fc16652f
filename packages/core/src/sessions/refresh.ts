import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { RefreshTokenClaims } from '../ports/refresh-tokens.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { grant, GrantView, letAct } from '../sign-in/grant.ts';
import { isRefreshable } from '../model/session.ts';

export const RefreshInput = v.object({ refreshToken: v.string() });

/**
 * Seconds for which the token before the current one is answered with the current one again: the answer may
 * have been lost, or two tabs may have asked at once.
 */
const grace = 30;

type Needs = Pick<Ports, 'sessions' | 'unitOfWork' | 'accessTokens' | 'refreshTokens'> & CountingPorts;

/** Goes on with a session and turns its refresh token (RFC 9700, section 4.14.2). */
export class Refresh {
  static readonly caller = 'anyone';
  static readonly input = RefreshInput;
  static readonly output = GrantView;

  readonly #ports: Needs;
  readonly #policy: Policy;
  constructor(ports: Needs, policy: Policy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * A token older than the one before the current one was copied: the session ends, and its user is told.
   *
   * @throws SallyportError `validation_failed` | `rate_limited` | `invalid_refresh_token` | `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof RefreshInput>): Promise<GrantView> {
    const { sessions, unitOfWork, refreshTokens, clock } = this.#ports;
    const { refreshToken } = parse(RefreshInput, input);
    await admit(this.#ports, this.#policy, 'refresh', caller);
    const claims = await refreshTokens.read(refreshToken);
    if (!claims) throw new SallyportError('invalid_refresh_token');

    const known = await sessions.findWithUser(claims.sessionId);
    if (!known) throw new SallyportError('invalid_refresh_token');
    const now = clock.now();
    // What may fail comes before the turn: a client that hears nothing after it comes back with a token of before.
    const access = await letAct(this.#ports, this.#policy, known.session, now);
    // A refusal is returned, not thrown: what a theft leaves behind has to be committed.
    const found = await unitOfWork.run((transaction) => this.#turn(transaction, caller, claims, now));
    if (!found) throw new SallyportError('invalid_refresh_token');
    return grant(this.#ports, access, found);
  }

  async #turn(
    { sessions, audit, outbox }: Transaction,
    caller: Anyone,
    { sessionId, generation }: RefreshTokenClaims,
    now: Date,
  ): Promise<SessionWithUser | undefined> {
    const usedSince = secondsAfter(now, -this.#policy.refreshTokenLifetime);
    const turned = await sessions.turn(sessionId, generation, { at: now, usedSince });
    const found = await sessions.lock(sessionId);
    if (!found || !found.user.isActive || !isRefreshable(found.session, now, this.#policy)) return undefined;
    if (turned || isWithinGrace(found, generation, now)) return found;

    const { session, user } = found;
    if (generation >= session.generation) return undefined;
    await sessions.end(sessionId, now);
    await audit.append(happened('session.stolen', caller, now, user.id));
    await outbox.append({ kind: 'session-stolen', email: user.email, userId: user.id, queuedAt: now });
    return undefined;
  }
}

function isWithinGrace({ session }: SessionWithUser, generation: number, now: Date): boolean {
  return generation === session.generation - 1 && now <= secondsAfter(session.turnedAt, grace);
}
