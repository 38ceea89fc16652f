import type {
  RefreshingClient,
  Session,
  SessionId,
  SessionLifetime,
  Sessions,
  SessionWithUser,
  StorePage,
  WritableSessions,
  SessionOpening,
} from '@sallyport/core';
import { type Database, type DatabaseDraft, purgeRows, purgeWithKey } from './database.ts';
import { toUser } from './memory-users.ts';

export class MemorySessions implements Sessions {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async findWithUser(id: string): Promise<SessionWithUser | undefined> {
    const { sessions, users } = this.#committed();
    const session = sessions.get(id);
    const user = session && users.get(session.userId);
    return user && { session, user: toUser(user) };
  }

  async listLive(
    userId: number,
    lifetime: SessionLifetime,
    { skip, limit, after }: StorePage<SessionId>,
  ): Promise<readonly Session[]> {
    const { sessions } = this.#committed();
    const last = after === undefined ? undefined : sessions.get(after);
    if (after !== undefined && last?.userId !== userId) return [];
    const live = sessions.withKey(userId).filter((session) => mayGoOn(session, lifetime));
    const behind = live.filter((session) => !last || newestFirst(last, session) < 0);
    return behind.toSorted(newestFirst).slice(skip, skip + limit);
  }
}

function newestFirst(a: Session, b: Session): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -Number(a.id !== b.id));
}

function mayGoOn({ endedAt, expiresAt, lastUsedAt }: Session, { at, usedSince }: SessionLifetime): boolean {
  return endedAt === undefined && expiresAt > at && lastUsedAt > usedSince;
}

export class MemoryWritableSessions implements WritableSessions {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async open(session: Session, keep: number): Promise<SessionOpening> {
    const { sessions } = this.#draft;
    const { id, userId, userAgent, createdAt: endedAt } = session;
    if (sessions.get(id)) this.#draft.refuse(new Error('A session id was given out twice'));
    const others = sessions.withKey(userId);
    const live = others.filter((other) => !other.endedAt);
    const beyond = live.toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime()).slice(keep);
    for (const other of beyond) sessions.put({ ...other, endedAt });
    sessions.put(session);
    const isKnownDevice = userAgent !== undefined && others.some((other) => other.userAgent === userAgent);
    return { ended: beyond.length, isKnownDevice };
  }

  async lock(id: string): Promise<SessionWithUser | undefined> {
    const session = this.#draft.sessions.get(id);
    const user = session && this.#draft.users.get(session.userId);
    return user && { session, user: toUser(user) };
  }

  async turn(
    id: string,
    generation: number,
    lifetime: SessionLifetime,
    { network, userAgent: refreshedBy, keep }: RefreshingClient,
  ): Promise<SessionWithUser | undefined> {
    const found = await this.lock(id);
    if (found?.session.generation !== generation || !mayGoOn(found.session, lifetime)) return undefined;
    const { session, user } = found;
    const { at } = lifetime;
    const networks = [...new Set([network, ...session.networks])].slice(0, keep);
    const fromNewNetwork = !session.networks.includes(network);
    const rotation = {
      generation: generation + 1,
      lastUsedAt: at,
      turnedAt: at,
      refreshedBy,
      networks,
      fromNewNetwork,
    };
    const turned = { ...session, ...rotation };
    this.#draft.sessions.put(turned);
    return { session: turned, user };
  }

  async recordSharing(id: string, sharedAt: readonly Date[]): Promise<void> {
    const session = this.#draft.sessions.get(id);
    if (session) this.#draft.sessions.put({ ...session, sharedAt });
  }

  async end(id: string, endedAt: Date): Promise<boolean> {
    const session = this.#draft.sessions.get(id);
    if (!session || session.endedAt) return false;
    this.#draft.sessions.put({ ...session, endedAt });
    return true;
  }

  async endOwn(userId: number, id: string, endedAt: Date): Promise<boolean> {
    return this.#draft.sessions.get(id)?.userId === userId && this.end(id, endedAt);
  }

  async endAllOf(userId: number, endedAt: Date): Promise<number> {
    const { sessions } = this.#draft;
    const open = sessions.withKey(userId).filter((session) => !session.endedAt);
    for (const session of open) sessions.put({ ...session, endedAt });
    return open.length;
  }

  async endNext(
    { after = '', limit }: Parameters<WritableSessions['endNext']>[0],
    endedAt: Date,
  ): Promise<readonly SessionId[]> {
    const { sessions } = this.#draft;
    const open = [...sessions.all()].filter(({ id, endedAt: ended }) => !ended && id > after);
    const next = open.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
    for (const session of next) sessions.put({ ...session, endedAt });
    return next.map(({ id }) => id);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return purgeRows(this.#draft.sessions, ({ expiresAt }) => expiresAt < before, limit);
  }

  async purgeAllOf(userId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#draft.sessions, userId, limit);
  }
}
