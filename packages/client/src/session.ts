import { isApiError } from './api-error.ts';
import type { Grant } from './grant.ts';
import type { Tokens, TokenStorage } from './token-storage.ts';

/** Milliseconds before an access token expires at which it is refreshed, but not before half of its lifetime. */
const margin = 30_000;

interface SessionOptions {
  readonly baseUrl: string;
  readonly storage: TokenStorage;
  /** Exchanges a refresh token. */
  readonly refresh: (refreshToken: string) => Promise<unknown>;
  readonly onSignedOut: () => void;
}

/** The session of a client: keeps its tokens, and refreshes them once for all calls that need it. */
export class Session {
  readonly #options: SessionOptions;
  #wasActive = false;
  #renewal: Promise<Tokens | undefined> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The tokens that are kept, if there are any. */
  async current(): Promise<Tokens | undefined> {
    const { storage, baseUrl, onSignedOut } = this.#options;
    const kept = await storage.read();
    const tokens = kept?.baseUrl === baseUrl ? kept : undefined;
    const hasEnded = this.#wasActive && !tokens;
    this.#wasActive = tokens !== undefined;
    if (hasEnded) onSignedOut();
    return tokens;
  }

  /**
   * Tokens that are valid for a while yet; `undefined` if there is no session.
   *
   * @throws ApiError when they have expired and cannot be refreshed for now
   */
  async fresh(): Promise<Tokens | undefined> {
    const tokens = await this.current();
    if (!tokens || Date.now() < tokens.refreshAt) return tokens;
    try {
      return await this.renew(tokens);
    } catch (error) {
      if (Date.now() < tokens.expiresAt) return tokens;
      throw error;
    }
  }

  /**
   * Replaces tokens that are about to expire, or that the server refused. All calls that need it share one renewal. If
   * another client with the same storage has replaced them, its tokens are taken. `undefined` if the session is over.
   *
   * @throws ApiError when the tokens cannot be refreshed for now. They are kept.
   */
  renew(stale: Tokens): Promise<Tokens | undefined> {
    const { storage } = this.#options;
    const act = () => this.#replace(stale);
    this.#renewal ??= (storage.exclusively?.(act) ?? act()).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async adopt({
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: lifetime,
  }: Grant): Promise<Tokens> {
    const { storage, baseUrl } = this.#options;
    const expiresAt = Date.now() + lifetime * 1000;
    const refreshAt = expiresAt - Math.min(margin, lifetime * 500);
    const tokens = { baseUrl, accessToken, refreshToken, refreshAt, expiresAt };
    await storage.write(tokens);
    this.#wasActive = true;
    return tokens;
  }

  async clear(): Promise<void> {
    if (await this.current()) await this.#options.storage.write(undefined);
    await this.current();
  }

  async #replace(stale: Tokens): Promise<Tokens | undefined> {
    const kept = await this.current();
    if (kept?.accessToken !== stale.accessToken) return kept;
    const outcome = await this.#exchange(kept.refreshToken);
    // The user may have logged out or in since, here or in another tab.
    const now = await this.current();
    if (now?.refreshToken !== kept.refreshToken) return now;
    if (outcome) return this.adopt(outcome);
    await this.clear();
    return undefined;
  }

  /** The grant for a refresh token; `undefined` if the session is over. */
  async #exchange(refreshToken: string): Promise<Grant | undefined> {
    try {
      return (await this.#options.refresh(refreshToken)) as Grant;
    } catch (error) {
      if (isApiError(error, 'invalid_refresh_token')) return undefined;
      throw error;
    }
  }
}
