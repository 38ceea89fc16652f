/** From where somebody calls, as far as it is known. */
export interface Origin {
  /**
   * The IPv4 or IPv6 address the call came from, without a port. Callers without one share the limits by address:
   * name it for each call that you pass on.
   */
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
}

const maxIp = 45;
const maxUserAgent = 512;

/** An origin fit to be kept: what a client says of itself is cut and made storable. */
export function originOf({ ip, userAgent }: Origin): Origin {
  return { ip: ip && storable(ip, maxIp), userAgent: userAgent && storable(userAgent, maxUserAgent) };
}

/** What others say, cut to so many code units and made fit to be stored and logged. */
export function storable(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
}
