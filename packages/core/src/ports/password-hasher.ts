/** Turns passwords into hashes that are slow to guess and that describe themselves (PHC string format). */
export interface PasswordHasher {
  /**
   * A fresh, salted hash; the whole password counts, whatever its length.
   *
   * @throws SallyportError `unavailable` when more work waits than may wait
   */
  hash(password: string): Promise<string>;

  /**
   * Whether this hash was made of this password. Without a hash it does the same work and answers
   * `false`, so that an unknown account costs what a known one does.
   *
   * @throws SallyportError `unavailable` when more work waits than may wait
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;

  /** Whether this hash is weaker than those that `hash` makes today. */
  needsRehash(hash: string): boolean;
}
