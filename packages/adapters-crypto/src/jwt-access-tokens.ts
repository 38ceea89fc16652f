import { randomUUID } from 'node:crypto';
import {
  type AccessTokenClaims,
  type AccessTokens,
  clientId,
  type Validity,
  type VerifiedAccessToken,
} from '@sallyport/core';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { SigningKeys, VerificationKey } from './signing-keys.ts';

/** What access tokens of one deployment have in common. */
export interface JwtAccessTokensOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: SigningKeys;
  /** Seconds: no token is issued that lives longer. For so long are keys believed that sign no more. */
  readonly lifetime: number;
  /** Seconds: no token that claims to live longer is believed. */
  readonly maxLifetime: number;
}

const typ = 'at+jwt';
const maxLength = 4096;

/** Seconds by which the clock of the node that issued a token may be ahead of ours. */
const clockSkew = 60;

/** The header as `issue` writes it, to the letter: nothing else in it can ask for anything. */
const header = /^\{"alg":"[A-Za-z0-9]+","kid":"([A-Za-z0-9_-]{43})","typ":"at\+jwt"\}$/;

/**
 * JWT access tokens (RFC 9068), held to what we write ourselves: a token has one spelling, its header
 * nothing to choose and its claims one type each, and its end has no leeway.
 */
export class JwtAccessTokens implements AccessTokens {
  readonly #options: JwtAccessTokensOptions;

  constructor(options: JwtAccessTokensOptions) {
    this.#options = options;
  }

  /** @throws RangeError when the token is to live longer than the keys by which it is checked */
  async issue({ userId, sessionId }: AccessTokenClaims, { issuedAt, expiresAt }: Validity): Promise<string> {
    const { issuer, audience, keys, lifetime } = this.#options;
    const asked = (expiresAt.getTime() - issuedAt.getTime()) / 1000;
    if (!(asked <= lifetime)) {
      throw new RangeError(
        `An access token is to live ${asked} seconds, longer than the accessTokenLifetime of ${lifetime} that cryptoPorts was given`,
      );
    }
    const { alg, kid, privateKey } = await keys.active();
    return new SignJWT({ client_id: clientId, sid: sessionId })
      .setProtectedHeader({ alg, kid, typ })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(String(userId))
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
  }

  /** Throws what the source of the keys throws, and nothing for the token's sake. */
  async verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined> {
    const key = await this.#findKey(token);
    const payload = key && (await this.#readPayload(token, key, now));
    return payload && this.#readClaims(payload, now);
  }

  /** The key that the token names, if it is spelled as we spell. */
  async #findKey(token: string): Promise<VerificationKey | undefined> {
    if (token.length > maxLength) return undefined;
    const parts = token.split('.');
    if (parts.length !== 3 || !parts.every(isCanonical)) return undefined;

    const [, kid] = header.exec(decode(parts[0] ?? '').toString()) ?? [];
    return kid === undefined ? undefined : this.#options.keys.find(kid);
  }

  /** What our key signed: the key says by which algorithm, never the token. */
  async #readPayload(token: string, key: VerificationKey, now: Date): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.#options;
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: [key.alg],
        issuer,
        audience,
        typ,
        currentDate: now,
        clockTolerance: clockSkew,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** What jose leaves open: an audience in a list, the types of the claims, leeway at the end, a bound on the lifetime. */
  #readClaims(payload: JWTPayload, now: Date): VerifiedAccessToken | undefined {
    const { audience, maxLifetime } = this.#options;
    const { aud, sub, client_id, sid, jti, iat, exp, nbf = iat } = payload;
    const seconds = now.getTime() / 1000;

    const isOurs = aud === audience && client_id === clientId && typeof jti === 'string';
    if (!isOurs || !isWhole(iat) || !isWhole(exp) || !isWhole(nbf)) return undefined;

    const holds = Math.max(iat, nbf) <= seconds + clockSkew && seconds < exp && iat < exp && exp - iat <= maxLifetime;
    if (!holds || !matches(sub, /^[1-9][0-9]{0,14}$/) || !matches(sid, /^[A-Za-z0-9_-]{22}$/)) return undefined;
    const [issuedAt, expiresAt] = [new Date(iat * 1000), new Date(exp * 1000)];
    return { userId: Number(sub), sessionId: sid, issuedAt, expiresAt };
  }
}

/** base64url can spell the same bytes in several ways; only one of them is what we wrote (RFC 4648, section 3.5). */
function isCanonical(part: string): boolean {
  return decode(part).toString('base64url') === part;
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}
