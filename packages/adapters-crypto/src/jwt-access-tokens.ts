import { randomUUID } from 'node:crypto';
import {
  type AccessTokens,
  clientId,
  type IssuedClaims,
  type Validity,
  type VerifiedAccessToken,
} from '@sallyport/core';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { SigningKeys, VerificationKey } from './signing-keys.ts';

/** The options that all access tokens of a deployment share. */
export interface JwtAccessTokensOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: SigningKeys;
  /** The longest lifetime of an issued token, in seconds. Keys that no longer sign are accepted for that long. */
  readonly lifetime: number;
  /** The longest lifetime of an accepted token, in seconds. */
  readonly maxLifetime: number;
}

const typ = 'at+jwt';
const maxLength = 4096;

/** Seconds by which the clock of the issuing node may be ahead of this node's. */
const clockSkew = 60;

/** The header exactly as `issue` writes it, so it cannot request anything else. */
const header = /^\{"alg":"[A-Za-z0-9]+","kid":"([A-Za-z0-9_-]{43})","typ":"at\+jwt"\}$/;

/**
 * JWT access tokens (RFC 9068), accepted only as this class writes them: a token has one spelling, its header leaves no
 * choice, each claim has one type, and expiry has no leeway.
 */
export class JwtAccessTokens implements AccessTokens {
  readonly #options: JwtAccessTokensOptions;

  constructor(options: JwtAccessTokensOptions) {
    this.#options = options;
  }

  /** @throws RangeError when the token would outlive the keys that verify it, or is longer than 4,096 characters */
  async issue({ userId, sessionId, extra }: IssuedClaims, { issuedAt, expiresAt }: Validity): Promise<string> {
    const { issuer, audience, keys, lifetime } = this.#options;
    const asked = (expiresAt.getTime() - issuedAt.getTime()) / 1000;
    if (!(asked <= lifetime)) {
      throw new RangeError(
        `An access token is to live ${asked} seconds, longer than the accessTokenLifetime of ${lifetime} that cryptoPorts was given`,
      );
    }
    const { alg, kid, privateKey } = await keys.active();
    const token = await new SignJWT({ ...extra, client_id: clientId, sid: sessionId })
      .setProtectedHeader({ alg, kid, typ })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(String(userId))
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    if (token.length > maxLength)
      throw new RangeError(`An access token has ${token.length} characters, more than ${maxLength}`);
    return token;
  }

  /** Rethrows errors of the key source. An invalid token never makes it throw. */
  async verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined> {
    const key = await this.#findKey(token);
    const payload = key && (await this.#readPayload(token, key, now));
    return payload && this.#readClaims(payload, now);
  }

  /** The key that the token names, if its header and spelling are exactly those that `issue` writes. */
  async #findKey(token: string): Promise<VerificationKey | undefined> {
    if (token.length > maxLength) return undefined;
    const parts = token.split('.');
    if (parts.length !== 3 || !parts.every(isCanonical)) return undefined;

    const [, kid] = header.exec(decode(parts[0] ?? '').toString()) ?? [];
    return kid === undefined ? undefined : this.#options.keys.find(kid);
  }

  /** The payload, if the key has signed it. The algorithm comes from the key, never from the token. */
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

  /**
   * Checks what jose leaves open: an audience in a list, the types of the claims, leeway at the end, and the maximum
   * lifetime.
   */
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

/**
 * Whether this is the canonical base64url of its bytes, which other spellings decode to as well (RFC 4648, section
 * 3.5).
 */
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
