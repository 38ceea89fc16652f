/** From where somebody calls, as far as it is known. */
export interface Origin {
  /** The address the call came from. */
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
