/**
 * The target without its scheme and host, if a client sent them (RFC 9112, section 3.2.2). They have no meaning for a
 * server that is no proxy, and they are another spelling of the same path.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
