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
import { type VerifiedToken, VerifiedTokens } from './verified-tokens.ts';

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
  readonly #verified = new VerifiedTokens();
  readonly longestLifetime: number;

  constructor(options: JwtAccessTokensOptions) {
    this.#options = options;
    this.longestLifetime = options.lifetime;
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
    const verified = (await this.#recall(token)) ?? (await this.#check(token, now));
    return verified && isValidAt(now, verified) ? toAccessToken(verified) : undefined;
  }

  /** What was read from this token before, if its key is still accepted. */
  async #recall(token: string): Promise<VerifiedToken | undefined> {
    const verified = this.#verified.find(token);
    if (!verified) return undefined;
    const key = await this.#options.keys.find(verified.key.kid);
    if (key?.publicKey === verified.key.publicKey) return verified;
    this.#verified.forget(token);
    return undefined;
  }

  async #check(token: string, now: Date): Promise<VerifiedToken | undefined> {
    const key = await this.#findKey(token);
    const payload = key && (await this.#readPayload(token, key, now));
    const verified = payload && this.#readClaims(payload, key);
    if (verified && isValidAt(now, verified)) this.#verified.remember(token, verified);
    return verified;
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
      return isAsWritten(token, payload) ? payload : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** Checks what jose leaves open: an audience in a list, the types of the claims, and the maximum lifetime. */
  #readClaims(payload: JWTPayload, key: VerificationKey): VerifiedToken | undefined {
    const { audience, maxLifetime } = this.#options;
    const { aud, sub, client_id, sid, jti, iat, exp, nbf = iat } = payload;

    const isOurs = aud === audience && client_id === clientId && typeof jti === 'string';
    if (!isOurs || !isWhole(iat) || !isWhole(exp) || !isWhole(nbf)) return undefined;
    if (iat >= exp || exp - iat > maxLifetime) return undefined;
    if (!matches(sub, /^[1-9][0-9]{0,14}$/) || !matches(sid, /^[A-Za-z0-9_-]{22}$/)) return undefined;
    return { key, claims: { userId: Number(sub), sessionId: sid }, iat, validFrom: Math.max(iat, nbf), exp };
  }
}

/** Whether a token is valid at this moment. Its end has no leeway, unlike in jose. */
function isValidAt(now: Date, { validFrom, exp }: VerifiedToken): boolean {
  const seconds = now.getTime() / 1000;
  return validFrom <= seconds + clockSkew && seconds < exp;
}

function toAccessToken({ claims, iat, exp }: VerifiedToken): VerifiedAccessToken {
  return { ...claims, issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
}

/**
 * Whether this is the canonical base64url of its bytes, which other spellings decode to as well (RFC 4648, section
 * 3.5).
 */
function isCanonical(part: string): boolean {
  return decode(part).toString('base64url') === part;
}

/**
 * Whether the payload is written as `issue` writes it. Other JSON has the same meaning to one parser and another meaning
 * to the next, for example if a claim is there twice (RFC 8259, section 4).
 */
function isAsWritten(token: string, payload: JWTPayload): boolean {
  return decode(token.split('.')[1] ?? '').toString() === JSON.stringify(payload);
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
