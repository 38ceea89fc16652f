const parts = /^[a-z]+:\/\/(?:[^/]*@)?([^/]*)/i;

/**
 * The URL of a database, in the form that `pg` reads as libpq does (PostgreSQL manual, "Connection URIs"). A space must
 * be percent-encoded, or `pg` encodes the whole URL again. The modes `require` and `verify-ca` are what `pg` makes of
 * them, with a warning: the certificate is verified, unless `uselibpqcompat` is there too. Of a parameter that occurs twice, the last
 * one counts. `sslrootcert=system` stands for the authorities that Node knows. A missing host or port is the usual one,
 * which `pg` would take from the environment.
 */
export function driverUrl(url: string): string {
  const [base = '', ...query] = url.replaceAll(' ', '%20').split('?');
  const [, place = ''] = parts.exec(base) ?? [];
  const parameters = new URLSearchParams(Object.fromEntries(new URLSearchParams(query.join('?'))));
  if (/^(require|verify-ca)$/.test(parameters.get('sslmode') ?? '') && !parameters.has('uselibpqcompat')) {
    parameters.set('sslmode', 'verify-full');
  }
  if (parameters.get('sslrootcert') === 'system') parameters.delete('sslrootcert');
  if (place === '' && !parameters.get('host')) parameters.set('host', 'localhost');
  if (!/:\d+$/.test(place) && !parameters.get('port')) parameters.set('port', '5432');
  return `${base}?${parameters.toString()}`;
}
