/** Allows a response to load, frame and send nothing. The pages replace it by their own. */
const contentSecurityPolicy = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

const always = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
  // The filter that this header switched on in old browsers could itself be attacked.
  'X-XSS-Protection': '0',
} as const;

/**
 * The headers of every response, as the OWASP HTTP Headers Cheat Sheet lists them.
 *
 * @param isMounted whether the API is under a path of a host
 */
export function securityHeaders(isSecure: boolean, isMounted = false): Readonly<Record<string, string>> {
  if (!isSecure) return always;
  // 365 days in seconds, for which browsers use https alone. Under a path, the domain is the host's.
  return { ...always, 'Strict-Transport-Security': `max-age=31536000${isMounted ? '' : '; includeSubDomains'}` };
}
