import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { isHost } from './host-name.ts';

/** Which values of an option the mailer can use, in words that continue after “must have”. */
interface Kind {
  readonly accepts: (value: string) => boolean;
  readonly inWords: (option: string) => string;
}

const oneOf = (values: readonly string[]): Kind => ({
  accepts: (value) => values.includes(value),
  inWords: (option) => `as ${option} one of ${values.join(', ')}`,
});

const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const tlsVersion = oneOf(tlsVersions);

const onOrOff: Kind = {
  accepts: (value) => /^(true|false)$/.test(value),
  inWords: (option) => `true or false as ${option}`,
};

/** The mailer reads a number as one, and not as a name. */
const hostName: Kind = {
  accepts: (value) => isHost(value) && Number.isNaN(Number(value)),
  inWords: (option) => `the name of a host as ${option}`,
};

const authMethods = ['PLAIN', 'LOGIN', 'CRAM-MD5'];

/** Options of a mail server's URL that are of use. Others would be ignored, or change what the mailer relies on. */
const kinds = new Map<string, Kind>([
  ['requireTLS', onOrOff],
  ['ignoreTLS', onOrOff],
  ['secure', onOrOff],
  ['name', { ...hostName, accepts: (value) => hostName.accepts(value) || /^\[[\da-f:.]+\]$/i.test(value) }],
  ['localAddress', { accepts: (value) => isIP(value) > 0, inWords: (option) => `an IP address as ${option}` }],
  ['authMethod', { ...oneOf(authMethods), accepts: (value) => authMethods.includes(value.toUpperCase()) }],
  ['tls.rejectUnauthorized', onOrOff],
  ['tls.servername', hostName],
  ['tls.minVersion', tlsVersion],
  ['tls.maxVersion', tlsVersion],
  ['tls.ciphers', { accepts: areCiphers, inWords: (option) => `as ${option} a list that OpenSSL knows` }],
]);

function areCiphers(ciphers: string): boolean {
  try {
    createSecureContext({ ciphers });
    return ciphers !== '';
  } catch {
    return false;
  }
}

/** What is wrong with the options of a mail server's URL, as a sentence that continues after the variable's name. */
export function smtpOptionsComplaint(options: URLSearchParams): string | undefined {
  for (const [option, value] of options) {
    const kind = kinds.get(option);
    if (!kind) return 'has an option that is not known; requireTLS=true is the most common one';
    if (!kind.accepts(value)) return `must have ${kind.inWords(option)}`;
  }
  const [min = '', max = 'TLSv1.3'] = ['tls.minVersion', 'tls.maxVersion'].map(
    (name) => options.get(name) ?? undefined,
  );
  const isAbove = tlsVersions.indexOf(min) > tlsVersions.indexOf(max);
  return isAbove ? 'contradicts itself: tls.minVersion is above tls.maxVersion' : undefined;
}
