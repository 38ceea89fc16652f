/** Hashes passwords so that guessing is slow. A hash describes its own parameters (PHC string format). */
export interface PasswordHasher {
  /**
   * A fresh, salted hash. The whole password counts, whatever its length.
   *
   * @throws SallyportError `unavailable` when the queue of waiting work is full
   */
  hash(password: string): Promise<string>;

  /**
   * Whether this is the password's hash. Without a hash, it does the same work and returns `false`, so that an unknown
   * account costs as much as a known one.
   *
   * @throws SallyportError `unavailable` when the queue of waiting work is full
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;

  /**
   * Whether `verify` can check a password against this hash: its format is known, it is well-formed, and its cost is
   * within bounds. No password is verified by a hash that is not accepted. An import asks before it stores a hash.
   */
  accepts(hash: string): boolean;

  /** Whether this hash is weaker than the hashes that `hash` makes now. */
  needsRehash(hash: string): boolean;
}
