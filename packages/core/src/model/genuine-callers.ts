import type { Anyone, Bearer, Member, System } from './caller.ts';
import { SallyportError } from './errors.ts';
import type { User, UserId } from './user.ts';
import type { Origin } from './origin.ts';
import type { SessionId } from './session.ts';

/** The identity of a genuine caller. It is stored apart from the object, so a change to the object has no effect. */
export interface Identity {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  /** When the caller's access token expires; absent for a member, who depends on the session alone. */
  readonly expiresAt?: Date;
  readonly origin: Anyone;
}

/** The identities of all genuine callers, each with the application that created it. */
const identities = new WeakMap<object, { readonly by: GenuineCallers; readonly identity: Identity }>();

/**
 * The callers that one application created. They are recognised by object identity: a copy is not a caller, and neither
 * is a caller of another application.
 */
export class GenuineCallers {
  readonly system: System = Object.freeze({ isSystem: true as const });

  /** A member who acts in this session until it ends. */
  member(caller: Origin, user: User, sessionId: SessionId): Member {
    const origin = originOnly(caller);
    const member = Object.freeze({ ...origin, user: Object.freeze({ ...user }), sessionId });
    return this.#remember(member, { userId: user.id, sessionId, origin });
  }

  /** The bearer of this access token, until it expires. */
  bearer(
    caller: Origin,
    { userId, sessionId, expiresAt }: Required<Pick<Identity, 'userId' | 'sessionId' | 'expiresAt'>>,
  ): Bearer {
    const origin = originOnly(caller);
    // A date can be changed even in a frozen object, so the identity keeps its own copy.
    const bearer = Object.freeze({ ...origin, userId, sessionId, expiresAt: new Date(expiresAt) });
    return this.#remember(bearer, { userId, sessionId, expiresAt: new Date(expiresAt), origin });
  }

  /** The identity behind this object, if this application created it. */
  identityOf(caller: object): Identity | undefined {
    const known = identities.get(caller);
    return known?.by === this ? known.identity : undefined;
  }

  #remember<Created extends object>(created: Created, identity: Identity): Created {
    identities.set(created, { by: this, identity });
    return created;
  }
}

/**
 * The same genuine caller with another address, user agent or languages, for a host that knows better where the call
 * came from. What the origin leaves out is unknown.
 *
 * @throws SallyportError `not_authenticated` when the caller is a copy
 */
export function withOrigin<Genuine extends Member | Bearer>(
  caller: Genuine,
  origin: (Origin & Pick<Anyone, 'requestId'>) | undefined,
): Genuine {
  const known = identities.get(caller);
  if (!known) throw new SallyportError('not_authenticated');
  const { by, identity } = known;
  const own = originOnly(origin ?? {});
  const moved: Genuine = { ...caller, ...own };
  identities.set(moved, { by, identity: { ...identity, origin: own } });
  return Object.freeze(moved);
}

/** Where a call came from, without anything else that the caller claims. */
function originOnly(caller: object): Anyone {
  const { ip, userAgent, requestId, locales } = caller as Readonly<Record<string, unknown>>;
  return {
    ip: typeof ip === 'string' ? ip : undefined,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    locales: Array.isArray(locales) ? locales.filter((tag: unknown) => typeof tag === 'string') : undefined,
  };
}

/** Where the call of an unknown caller came from; `undefined` if the object claims an identity or cannot be read. */
export function originOfUnknown(caller: object): Anyone | undefined {
  const claims = ['user', 'userId', 'sessionId', 'isSystem'];
  try {
    return claims.some((claim) => claim in caller) ? undefined : originOnly(caller);
  } catch {
    return undefined;
  }
}
