/** The passwords that attackers try first (NIST SP 800-63B, section 3.1.1.2). */
export interface CommonPasswords {
  /** Whether this is one of them. Upper and lower case do not matter. */
  includes(password: string): Promise<boolean>;
}
