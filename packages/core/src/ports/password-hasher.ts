/**
 * Hashes passwords so that guessing is slow. A hash describes its own parameters (PHC string format).
 *
 * The hashes that `hash` makes are of a password's NFC: an é from any keyboard is the same (NIST SP 800-63B, section
 * 3.1.1.2). A hash from another system is checked against the password exactly as it is passed to `verify`.
 */
export interface PasswordHasher {
  /**
   * A fresh, salted hash. The whole password counts, whatever its length.
   *
   * @throws SallyportError `unavailable` when the queue of waiting work is full
   */
  hash(password: string): Promise<string>;

  /**
   * Whether this is the password's hash. Without a hash, or with one that is not accepted, it returns `false` after the
   * same time as for a wrong password, so that an unknown account costs as much as a known one. Against a hash that
   * `hash` made, it checks the NFC of the password.
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
