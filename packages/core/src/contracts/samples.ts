import type { Email } from '../model/email.ts';
import type { User } from '../model/user.ts';
import { secondsAfter } from '../model/policy.ts';
import type { NewPost } from '../ports/posts.ts';
import type { StorePorts } from '../ports/ports.ts';
import type { NewUser } from '../ports/users.ts';
import type { Post } from '../model/post.ts';
import type { Session } from '../model/session.ts';

/** The moment at which the contracts play. */
export const noon = new Date('2026-01-01T12:00:00.123Z');
export const later = secondsAfter(noon, 60);

/** Some user; the address is made of the name. */
export function newUser(name: string, fields: Partial<NewUser> = {}): NewUser {
  return {
    name,
    email: `${name.toLowerCase()}@example.com` as Email,
    age: 36,
    city: 'London',
    role: 'user',
    isActive: true,
    emailVerified: false,
    createdAt: noon,
    passwordHash: `hash of ${name}`,
    ...fields,
  };
}

/** An id as a generator of secrets would make it. */
export function sessionId(letter: string): string {
  return `${letter.repeat(21)}A`;
}

/** Some session of this user. */
export function newSession(userId: number, letter: string, fields: Partial<Session> = {}): Session {
  return {
    id: sessionId(letter),
    userId,
    generation: 0,
    createdAt: noon,
    lastUsedAt: noon,
    turnedAt: noon,
    expiresAt: secondsAfter(noon, 3600),
    ...fields,
  };
}

/** Some draft by this user. */
export function newPost(authorId: number, fields: Partial<NewPost> = {}): NewPost {
  return {
    title: 'On engines',
    content: 'Weaves algebraical patterns.',
    published: false,
    authorId,
    createdAt: noon,
    ...fields,
  };
}

/** Stores a user. */
export function addUser({ unitOfWork }: StorePorts, name: string, fields?: Partial<NewUser>): Promise<User> {
  return unitOfWork.run(({ users }) => users.append(newUser(name, fields)));
}

/** Stores a session. */
export async function addSession({ unitOfWork }: StorePorts, session: Session): Promise<Session> {
  await unitOfWork.run(({ sessions }) => sessions.append(session));
  return session;
}

/** Stores a post. */
export function addPost({ unitOfWork }: StorePorts, post: NewPost): Promise<Post> {
  return unitOfWork.run(({ posts }) => posts.append(post));
}

/** Strings that are not this token, but close to it, and some that are like nothing at all. */
export function neighboursOf(token: string): readonly string[] {
  const prefixes = Array.from(token, (_, length) => token.slice(0, length));
  const changed = Array.from(token, (letter, at) => {
    const other = letter === 'A' ? 'B' : 'A';
    return `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
  });
  const padded = [`${token} `, ` ${token}`, `${token}=`, `${token}\n`, `${token}.`, `${token}\0`];
  return [...prefixes, ...changed, ...padded, 'null', '{}', '🜁', '\ud800', 'a.b.c', 'x'.repeat(1_000_000)];
}
