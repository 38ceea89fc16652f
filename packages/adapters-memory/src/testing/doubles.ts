import { createHmac, randomUUID } from 'node:crypto';
import {
  type AccessTokens,
  type CommonPasswords,
  foldCase,
  type IssuedClaims,
  type Mail,
  type Mailer,
  type MailKind,
  type PasswordHasher,
  type PublicKey,
  type RefreshTokenClaims,
  type RefreshTokens,
  type SecretGenerator,
  type SigningKeyRing,
  type Validity,
  type VerifiedAccessToken,
} from '@sallyport/core';

const plainHash = /^plain:\d+:(.*)$/su;

/** Hashes that cost nothing and hide nothing, for tests, in which argon2 would take most of the time. */
export class PlainPasswordHasher implements PasswordHasher {
  #salt = 0;

  async hash(password: string): Promise<string> {
    this.#salt += 1;
    return `plain:${this.#salt}:${password}`;
  }

  async verify(password: string, hash: string | undefined): Promise<boolean> {
    return hash !== undefined && plainHash.exec(hash)?.[1] === password;
  }

  accepts(hash: string): boolean {
    return plainHash.test(hash);
  }

  needsRehash(hash: string): boolean {
    return !this.accepts(hash);
  }
}

/** Secrets that a test can predict. */
export class SequentialSecrets implements SecretGenerator {
  readonly #key = randomUUID();
  #last = 0;

  sessionId(): string {
    return this.#next(16);
  }

  oneTimeToken(): { token: string; digest: string } {
    const token = this.#next(32);
    return { token, digest: this.digest(token) };
  }

  digest(text: string): string {
    return [...text].toReversed().join('');
  }

  keyedDigest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }

  #next(length: number): string {
    this.#last += 1;
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32BE(this.#last, length - 4);
    return bytes.toString('base64url');
  }
}

/**
 * Access tokens that are stored here instead of signed. Their secret keeps two instances from issuing the same token.
 */
export class OpaqueAccessTokens implements AccessTokens {
  readonly #secret = randomUUID();
  readonly #issued = new Map<string, VerifiedAccessToken>();

  async issue({ userId, sessionId }: IssuedClaims, validity: Validity): Promise<string> {
    const token = `access-${this.#issued.size + 1}-${this.#secret}.`;
    this.#issued.set(token, { userId, sessionId, ...validity });
    return token;
  }

  async verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined> {
    const issued = this.#issued.get(token);
    return issued && now < issued.expiresAt ? issued : undefined;
  }
}

/** Refresh tokens that are stored here instead of signed, with a secret like that of `OpaqueAccessTokens`. */
export class OpaqueRefreshTokens implements RefreshTokens {
  readonly #secret = randomUUID();
  readonly #issued = new Map<string, RefreshTokenClaims>();

  async issue({ sessionId, generation }: RefreshTokenClaims): Promise<string> {
    const token = `refresh-${sessionId}-${generation}-${this.#secret}.`;
    this.#issued.set(token, { sessionId, generation });
    return token;
  }

  async read(token: string): Promise<RefreshTokenClaims | undefined> {
    return this.#issued.get(token);
  }
}

/** A ring without keys, for tokens that are not signed. */
export class NoSigningKeys implements SigningKeyRing {
  async publicKeys(): Promise<readonly PublicKey[]> {
    return [];
  }

  async rotate(): Promise<void> {}

  async revoke(): Promise<void> {}

  async maintain(): Promise<void> {}
}

/** Keeps every mail for a test to read. */
export class Mailbox implements Mailer {
  readonly #mails: Mail[] = [];
  #refusal: Error | undefined;

  /** @throws Error the refusal, after `refuse` */
  async send(mail: Mail): Promise<void> {
    if (this.#refusal) throw this.#refusal;
    this.#mails.push(mail);
  }

  /** Rejects every mail with this error until `accept` is called, as a mail server would. */
  refuse(refusal: Error = new Error('450 Try again later')): void {
    this.#refusal = refusal;
  }

  /** Accepts mails again. */
  accept(): void {
    this.#refusal = undefined;
  }

  /** Everything that was sent, in order. */
  get mails(): readonly Mail[] {
    return this.#mails;
  }

  /** The token of the last mail of this kind to this address. */
  tokenFor(to: string, kind: MailKind): string | undefined {
    return this.#mails.findLast((mail) => mail.to === to && mail.kind === kind)?.token;
  }
}

/** A short list, for tests that need some password to be common. */
export class FewCommonPasswords implements CommonPasswords {
  readonly #passwords = new Set(['password1', 'qwerty123']);

  async includes(password: string): Promise<boolean> {
    return this.#passwords.has(foldCase(password));
  }
}
