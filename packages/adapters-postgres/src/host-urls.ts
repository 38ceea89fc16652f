/** A URL up to its user and its hosts, these, and what follows. */
const parts = /^([a-z]+:\/\/)([^/?#]*)(.*)$/is;

/**
 * The URL of a database with one host each, in the order of its hosts and without repetition. A URL may list several
 * hosts in their place (`postgres://a:5432,b/app`) or as parameters (`?host=a,b&port=5432,5433`; a single port is that
 * of all hosts), as in libpq (PostgreSQL manual, "Specifying Multiple Hosts"). A URL of one host is returned unchanged.
 *
 * @throws RangeError when it lists several ports, but not one for each host
 */
export function hostUrls(url: string): readonly string[] {
  const [, scheme = '', authority = '', rest = ''] = parts.exec(url) ?? [];
  const user = authority.slice(0, authority.lastIndexOf('@') + 1);
  const place = authority.slice(user.length);
  const [path = '', ...query] = rest.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  const named = parameters.get('host');
  const hosts = (named ?? place).split(',');
  if (hosts.length === 1) return [url];
  const ports = parameters.get('port')?.split(',') ?? [];
  if (ports.length > 1 && ports.length !== hosts.length) throw new RangeError('There must be one port for each host');
  const urls = hosts.map((host, index) => {
    const own = new URLSearchParams(parameters);
    if (named !== null) own.set('host', host);
    own.delete('port');
    const port = ports.length > 1 ? ports[index] : ports[0];
    if (port) own.set('port', port);
    return `${scheme}${user}${named === null ? host : place}${path}${own.size > 0 ? `?${own.toString()}` : ''}`;
  });
  return [...new Set(urls)];
}
