/** A port on which no process listens. */
export function freePort(): Promise<number>;
