/** The tokens of a session, as a client keeps them. */
export interface Tokens {
  /** The base URL of the API that they are for. No other one gets them. */
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When to refresh, and when the access token expires: milliseconds since 1970 by the clock of this device. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** Where a client keeps its tokens. */
export interface TokenStorage {
  read(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Replaces the tokens; `undefined` removes them. */
  write(tokens: Tokens | undefined): void | Promise<void>;
  /**
   * Runs `act` while no other client with these tokens runs another one. Without it, two clients may refresh at once,
   * and both get the same tokens if they do so within 30 seconds.
   */
  exclusively?<Result>(act: () => Promise<Result>): Promise<Result>;
}

/** Keeps the tokens of one client until the page or the process ends. Scripts of other pages cannot read them. */
export function memoryStorage(): TokenStorage {
  let kept: Tokens | undefined;
  return {
    read: () => kept,
    write: (tokens) => void (kept = tokens),
  };
}

/** What `browserStorage` uses of `localStorage`. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What `browserStorage` uses of `navigator.locks` (Web Locks API). */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void>;
}

/** The options of `browserStorage`; each may be absent. */
export interface BrowserStorageOptions {
  /** The name of the entry, and of the lock. Two APIs on one origin need two. */
  readonly key?: string | undefined;
  readonly store?: KeyValueStore | undefined;
  readonly locks?: Locks | undefined;
}

/** Milliseconds after which a client does not wait for the lock any longer, such as that of a tab that is frozen. */
const patience = 10_000;

/** Milliseconds for which a lock is held on: other tabs read what was stored a moment after it was. */
const propagation = 100;

/**
 * Keeps the tokens in `localStorage`: all tabs of an origin share them, also after a restart of the browser, and one tab
 * at a time refreshes them. Every script of the origin can read them, so use it only on pages whose scripts you trust.
 * If the browser denies the storage, the tokens are kept in memory.
 */
export function browserStorage({
  key = 'sallyport',
  store = globalThis.localStorage,
  locks = globalThis.navigator?.locks,
}: BrowserStorageOptions = {}): TokenStorage {
  const denied = memoryStorage();
  return {
    read() {
      try {
        return tokensIn(store.getItem(key)) ?? denied.read();
      } catch {
        return denied.read();
      }
    },
    write(tokens) {
      try {
        if (tokens) store.setItem(key, JSON.stringify(tokens));
        else store.removeItem(key);
        return denied.write(undefined);
      } catch {
        return denied.write(tokens);
      }
    },
    exclusively: (act) => (locks ? holding(locks, key, act) : act()),
  };
}

/** Runs `act` while it holds the lock, or without it if the lock cannot be had. */
function holding<Result>(locks: Locks, name: string, act: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    let isHeld = false;
    async function hold(): Promise<void> {
      isHeld = true;
      const going = act();
      resolve(going);
      await going.catch(() => {});
      await new Promise((wake) => setTimeout(wake, propagation));
    }
    // Without the lock it is safe, too: the server accepts the previous token for a while.
    locks.request(name, { signal: AbortSignal.timeout(patience) }, hold).catch(() => {
      if (!isHeld) resolve(act());
    });
  });
}

function tokensIn(text: string | null): Tokens | undefined {
  if (text === null) return undefined;
  const kept = JSON.parse(text) as Partial<Tokens> | null;
  const isWhole =
    typeof kept?.accessToken === 'string' && typeof kept.refreshToken === 'string' && typeof kept.baseUrl === 'string';
  return isWhole ? (kept as Tokens) : undefined;
}
