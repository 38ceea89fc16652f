/** The cost of a password hash (OWASP Password Storage Cheat Sheet), the same for every contestant. */
export const argon2Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
