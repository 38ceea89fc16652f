import {
  type AccessTokenClaims,
  type AccessTokens,
  type CommonPasswords,
  foldCase,
  type PasswordHasher,
  type SecretGenerator,
  type Validity,
} from '@sallyport/core';

/** Hashes that cost nothing and hide nothing: for tests, where argon2 would take most of the time. */
export class PlainPasswordHasher implements PasswordHasher {
  #salt = 0;

  async hash(password: string): Promise<string> {
    this.#salt += 1;
    return `plain:${this.#salt}:${password}`;
  }

  async verify(password: string, hash: string | undefined): Promise<boolean> {
    return hash !== undefined && /^plain:\d+:(.*)$/su.exec(hash)?.[1] === password;
  }

  needsRehash(hash: string): boolean {
    return !hash.startsWith('plain:');
  }
}

/** Secrets that a test can foretell. */
export class SequentialSecrets implements SecretGenerator {
  #last = 0;

  sessionId(): string {
    this.#last += 1;
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(this.#last, 12);
    return bytes.toString('base64url');
  }
}

/** Tokens that say nothing by themselves and are remembered here: none can be forged, and none costs a signature. */
export class OpaqueAccessTokens implements AccessTokens {
  readonly #issued = new Map<string, { readonly claims: AccessTokenClaims; readonly expiresAt: Date }>();

  async issue(claims: AccessTokenClaims, { expiresAt }: Validity): Promise<string> {
    const token = `token-${this.#issued.size + 1}.`;
    this.#issued.set(token, { claims, expiresAt });
    return token;
  }

  async verify(token: string, now: Date): Promise<AccessTokenClaims | undefined> {
    const issued = this.#issued.get(token);
    return issued && now < issued.expiresAt ? issued.claims : undefined;
  }
}

/** A list of a few: for tests that need some password to be common. */
export class FewCommonPasswords implements CommonPasswords {
  readonly #passwords = new Set(['password1', 'qwerty123']);

  async includes(password: string): Promise<boolean> {
    return this.#passwords.has(foldCase(password));
  }
}
