import { createHash, createHmac, randomUUID } from 'node:crypto';
import { OpaqueAccessTokens, OpaqueRefreshTokens } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { changed, failedCases } from '../../test/canaries.ts';
import type {
  AccessTokenClaims,
  AccessTokens,
  RefreshTokenClaims,
  RefreshTokens,
  Validity,
  VerifiedAccessToken,
} from '../index.ts';
import { accessTokensContract, refreshTokensContract } from './index.ts';

/** Turns the body of a token into its proof. */
type Sign = (body: string) => string;

/** Writes a value as base64url with a proof, and reads only what it wrote. */
class SignedValues {
  readonly #sign: Sign;
  constructor(sign: Sign) {
    this.#sign = sign;
  }

  write(value: object): string {
    const body = Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  read(token: string): Record<string, string | number> | undefined {
    const [body = '', proof, ...more] = token.split('.');
    const text = Buffer.from(body, 'base64url').toString();
    const isCanonical = Buffer.from(text).toString('base64url') === body;
    return isCanonical && proof === this.#sign(body) && more.length === 0
      ? (JSON.parse(text) as Record<string, string | number>)
      : undefined;
  }
}

class SignedAccessTokens implements AccessTokens {
  readonly #values: SignedValues;
  constructor(sign: Sign) {
    this.#values = new SignedValues(sign);
  }

  async issue(claims: AccessTokenClaims, validity: Validity): Promise<string> {
    return this.#values.write({ ...claims, ...validity, id: randomUUID() });
  }

  async verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined> {
    const { userId, sessionId, issuedAt, expiresAt } = this.#values.read(token) ?? {};
    if (expiresAt === undefined || now >= new Date(expiresAt)) return undefined;
    return {
      userId: Number(userId),
      sessionId: String(sessionId),
      issuedAt: new Date(issuedAt ?? 0),
      expiresAt: new Date(expiresAt),
    };
  }
}

class SignedRefreshTokens implements RefreshTokens {
  readonly #values: SignedValues;
  constructor(sign: Sign) {
    this.#values = new SignedValues(sign);
  }

  async issue({ sessionId, generation }: RefreshTokenClaims): Promise<string> {
    return this.#values.write({ sessionId, generation });
  }

  async read(token: string): Promise<RefreshTokenClaims | undefined> {
    const { sessionId, generation } = this.#values.read(token) ?? {};
    return sessionId === undefined ? undefined : { sessionId: String(sessionId), generation: Number(generation) };
  }
}

const unkeyedHash: Sign = (body) => createHash('sha256').update(`sallyport ${body}`).digest('base64url');

/** A hash with a key that no other instance has. */
function keyedHash(): Sign {
  const key = randomUUID();
  return (body) => createHmac('sha256', key).update(body).digest('base64url');
}

const foreignAccess =
  'isolated: an access token of an instance with another secret is not verified, nor any part of it';
const foreignRefresh = 'isolated: a refresh token of an instance with another secret is not read, nor any part of it';
const noOtherRefresh = 'faithful: no string but an issued refresh token is read';

describe('The contract of access tokens', () => {
  it('passes tokens that are signed with a secret of their instance', async () => {
    expect(await failedCases(accessTokensContract(() => new SignedAccessTokens(keyedHash())))).toEqual([]);
  });

  it('fails tokens with a public checksum in the place of a signature', async () => {
    expect(await failedCases(accessTokensContract(() => new SignedAccessTokens(unkeyedHash)))).toEqual([foreignAccess]);
  });

  it('fails tokens that another instance reads as well', async () => {
    const shared = keyedHash();
    expect(await failedCases(accessTokensContract(() => new SignedAccessTokens(shared)))).toEqual([foreignAccess]);
  });

  it('fails tokens whose signature covers no claims', async () => {
    const sign = keyedHash();
    const contract = accessTokensContract(() => new SignedAccessTokens(() => sign('any token')));
    expect(await failedCases(contract)).toContain('faithful: no string but an issued access token is verified');
  });

  it('fails tokens that never expire', async () => {
    const contract = accessTokensContract(() => {
      const eternal = new OpaqueAccessTokens();
      return changed(eternal, { verify: (token) => eternal.verify(token, new Date(0)) });
    });
    expect(await failedCases(contract)).toEqual([
      'faithful: an access token is valid until the second before it expires',
    ]);
  });
});

describe('The contract of refresh tokens', () => {
  it('passes tokens that are signed with a secret of their instance', async () => {
    expect(await failedCases(refreshTokensContract(() => new SignedRefreshTokens(keyedHash())))).toEqual([]);
  });

  it('fails tokens with a public checksum in the place of a signature', async () => {
    const contract = refreshTokensContract(() => new SignedRefreshTokens(unkeyedHash));
    expect(await failedCases(contract)).toEqual([foreignRefresh]);
  });

  it('fails tokens that another instance reads as well', async () => {
    const shared = keyedHash();
    const contract = refreshTokensContract(() => new SignedRefreshTokens(shared));
    expect(await failedCases(contract)).toEqual([foreignRefresh]);
  });

  it('fails tokens whose signature covers the session but not the generation', async () => {
    const spelling = /^(.{22})\.(0|[1-9]\d*)\.(.+)$/s;
    const contract = refreshTokensContract(() => {
      const sign = keyedHash();
      return {
        issue: async ({ sessionId, generation }) => `${sessionId}.${generation}.${sign(sessionId)}`,
        async read(token) {
          const [, sessionId = '', generation, proof] = spelling.exec(token) ?? [];
          return proof === sign(sessionId) ? { sessionId, generation: Number(generation) } : undefined;
        },
      };
    });
    expect(await failedCases(contract)).toEqual([noOtherRefresh]);
  });

  it('fails tokens that are read in another spelling', async () => {
    const contract = refreshTokensContract(() => {
      const opaque = new OpaqueRefreshTokens();
      return changed(opaque, { read: (token) => opaque.read(token.trim()) });
    });
    expect(await failedCases(contract)).toEqual([noOtherRefresh]);
  });

  it('fails tokens that are the same for each generation', async () => {
    const contract = refreshTokensContract(() => {
      const opaque = new OpaqueRefreshTokens();
      return changed(opaque, { issue: (claims) => opaque.issue({ ...claims, generation: 7 }) });
    });
    expect(await failedCases(contract)).toContain('unique: each generation of each session has its own refresh token');
  });
});
