/**
 * The URL of a database, in the form that `pg` reads as libpq does (PostgreSQL manual, "Connection URIs"). A space must
 * be percent-encoded, or `pg` encodes the whole URL again. The modes `require` and `verify-ca` are what `pg` makes of
 * them, with a warning: the certificate is verified, unless `uselibpqcompat` is there too. Of a parameter that occurs twice, the last
 * one counts. `sslrootcert=system` stands for the authorities that Node knows.
 */
export function driverUrl(url: string): string {
  const [base = '', ...query] = url.replaceAll(' ', '%20').split('?');
  if (query.length === 0) return base;
  const parameters = new URLSearchParams(Object.fromEntries(new URLSearchParams(query.join('?'))));
  if (/^(require|verify-ca)$/.test(parameters.get('sslmode') ?? '') && !parameters.has('uselibpqcompat')) {
    parameters.set('sslmode', 'verify-full');
  }
  if (parameters.get('sslrootcert') === 'system') parameters.delete('sslrootcert');
  return `${base}?${parameters.toString()}`;
}
