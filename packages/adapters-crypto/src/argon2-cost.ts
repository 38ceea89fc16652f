/** The cost of an argon2 hash. */
export interface Argon2Cost {
  /** KiB of memory. */
  readonly memoryCost: number;
  /** Passes over that memory. */
  readonly timeCost: number;
}

/** KiB of memory that a hash may take. The least is what OWASP asks for (Password Storage Cheat Sheet). */
export const memoryCosts = { min: 19_456, max: 1024 ** 2 } as const;

/** Passes that a hash may take. The least is what OWASP asks for with the least memory. */
export const timeCosts = { min: 2, max: 64 } as const;
