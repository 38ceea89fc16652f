import type { Email } from '../model/email.ts';
import { secondsAfter } from '../model/policy.ts';
import type { NewUser } from '../ports/users.ts';
import type { Session } from '../model/session.ts';

/** The moment at which the cases take place. */
export const noon = new Date('2026-01-01T12:00:00.123Z');
/** A moment after `noon`, for what expires. */
export const later = secondsAfter(noon, 60);

/** A page that holds all records of a case. */
export const firstPage = { skip: 0, limit: 100 };

/** A user whose address is made of the name. */
export function newUser(name: string, fields: Partial<NewUser> = {}): NewUser {
  return {
    name,
    email: `${name.toLowerCase()}@example.com` as Email,
    profile: { age: 36, city: 'London' },
    role: 'user',
    isActive: true,
    emailVerified: false,
    createdAt: noon,
    passwordHash: `hash of ${name}`,
    ...fields,
  };
}

/** A session id in the form that `SecretGenerator` gives it. */
export function sessionId(letter: string): string {
  return `${letter.repeat(21)}A`;
}

/** A session of this user. */
export function newSession(userId: number, letter: string, fields: Partial<Session> = {}): Session {
  return {
    id: sessionId(letter),
    userId,
    methods: ['pwd'],
    authenticatedAt: noon,
    generation: 0,
    createdAt: noon,
    lastUsedAt: noon,
    turnedAt: noon,
    networks: [],
    fromNewNetwork: false,
    sharedAt: [],
    expiresAt: secondsAfter(noon, 3600),
    ...fields,
  };
}

/** Strings that differ slightly from this token, and strings that are no tokens at all. */
export function neighboursOf(token: string): readonly string[] {
  const prefixes = Array.from(token, (_, length) => token.slice(0, length));
  const changed = Array.from(token, (letter, at) => {
    const others = [letter === 'A' ? 'B' : 'A', letter === '1' ? '2' : '1'];
    return others.map((other) => `${token.slice(0, at)}${other}${token.slice(at + 1)}`);
  }).flat();
  const padded = [`${token} `, ` ${token}`, `${token}=`, `${token}\n`, `${token}.`, `${token}\0`];
  return [...prefixes, ...changed, ...padded, 'null', '{}', '🜁', '\ud800', 'a.b.c', 'x'.repeat(1_000_000)];
}

/** Every beginning of one token with the rest of another, without the two themselves. */
export function splicesOf(one: string, other: string): readonly string[] {
  const splices = Array.from(one, (_, at) => [one.slice(0, at) + other.slice(at), other.slice(0, at) + one.slice(at)]);
  return [...new Set(splices.flat())].filter((splice) => splice !== one && splice !== other);
}
