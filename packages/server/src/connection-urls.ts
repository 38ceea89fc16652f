import { accessSync, constants } from 'node:fs';
import { isIPv6 } from 'node:net';
import { hostUrls } from '@sallyport/adapters-postgres/host-urls';
import { isHost, isHostAndPort, isPort } from './host-name.ts';
import { smtpOptionsComplaint } from './smtp-options.ts';

/**
 * What is wrong with the URL of a database or a server, as a sentence that continues after the variable's name, or
 * `undefined`. The drivers misread some of these URLs without an error: a password with a `#` leaves them with another
 * host and no password.
 */
type Complaint = (url: string) => string | undefined;

const unencoded = 'must percent-encode : / ? # @ % and spaces in its user name and password, for example a # as %23';

/** Scheme, user name and password, host and port, path, and query (RFC 3986, section 3). */
const parts = /^([a-z]+):\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;

interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

function partsOf(url: string): UrlParts | undefined {
  const [matched, scheme = '', userInfo, host = '', path = '', query = ''] = parts.exec(url) ?? [];
  return matched === undefined ? undefined : { scheme: scheme.toLowerCase(), userInfo, host, path, query };
}

/** Whether no character of the user name or the password is read as the end of a part. */
function isEncoded(url: string, { userInfo = '', host, path, query }: UrlParts): boolean {
  return (
    !/[@\s]|:.*:/s.test(userInfo) && !/\s/.test(host) && !/@/.test(path + query) && !url.includes('#') && decodes(url)
  );
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const twice = 'must not have a parameter twice';

/** Whether a name occurs twice. The check and the driver could then read different values. */
function repeats(parameters: URLSearchParams): boolean {
  return new Set(parameters.keys()).size < parameters.size;
}

const notADirectory =
  'must not name a pglite: directory that begins with ~, // or white space: no shell reads it, and it is no URL';

const databaseForm = 'must be memory:, pglite:PATH or a valid URL postgres://…';

/** The modes that the driver knows. It checks the certificate in all of them but `no-verify`. */
const sslModes = ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'];

/** What a URL may ask for that a connection for reading and writing is. */
const sessionAttributes = ['any', 'read-write', 'primary', 'prefer-standby'];

/** The URL of a PostgreSQL database, in the forms of libpq (PostgreSQL manual, "Connection URIs"), or another store. */
export const databaseComplaint: Complaint = (url) => {
  if (url === 'memory:') return undefined;
  if (url.startsWith('pglite:')) return /^pglite:(~|\/\/|\s)/.test(url) ? notADirectory : undefined;
  if (/^\w+\s*=/.test(url)) return 'must be a URL postgres://user:password@host/database, not a list of keywords';
  const read = partsOf(url);
  if (!read || !/^postgres(ql)?:/.test(url)) return databaseForm;
  if (!isEncoded(url, read)) return unencoded;
  if (repeats(new URLSearchParams(read.query))) return twice;
  const urls = urlsOfHosts(url);
  if (!urls) return 'must have one port for each of its hosts, or one for all';
  return urls.map((one) => hostComplaint(one, urls.length > 1)).find((complaint) => complaint !== undefined);
};

function urlsOfHosts(url: string): readonly string[] | undefined {
  try {
    return hostUrls(url);
  } catch {
    return undefined;
  }
}

/** What is wrong with the URL of one host. */
function hostComplaint(url: string, isOneOfSeveral: boolean): string | undefined {
  const read = partsOf(url);
  if (!read) return databaseForm;
  const parameters = new URLSearchParams(read.query);
  const given: Given = (name) => parameters.get(name) ?? undefined;
  if (isOneOfSeveral && (read.host || (given('host') ?? '')) === '') return 'must name each of its hosts';
  // A socket's directory may be the host, percent-encoded or in the query. Then there may be no host in its place.
  const hostless = read.host === '' && (given('host') !== undefined || read.path.length > 1);
  if (!hostless && !URL.canParse(`postgres://${read.host}`)) return databaseForm;
  if (read.host === '' && !hostless) return databaseForm;
  return (
    namesComplaint([...parameters.keys()]) ??
    placesComplaint(read, given) ??
    placeComplaint(read, given) ??
    parameterComplaint(given)
  );
}

/** The value of a parameter, if it occurs. */
type Given = (name: string) => string | undefined;

/** The driver reads these. */
const readParameters = [
  ['host', 'port', 'user', 'password', 'application_name', 'fallback_application_name', 'options'],
  ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'],
].flat();

/** Providers put these into their URLs. They change nothing that Sallyport does. */
const harmlessParameters = [
  ['connect_timeout', 'keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'],
  ['target_session_attrs', 'channel_binding', 'gssencmode', 'pgbouncer'],
].flat();

const knownParameters = new Set([...readParameters, ...harmlessParameters]);

function namesComplaint(names: readonly string[]): string | undefined {
  if (names.includes('dbname')) return 'must have the name of the database in its path, not as dbname';
  if (names.includes('schema')) return 'must not have the parameter schema: DATABASE_SCHEMA names the schema';
  const areKnown = names.every((name) => knownParameters.has(name));
  return areKnown ? undefined : 'has a parameter that is not known; sslmode=verify-full is the most common one';
}

/** Parameters that repeat a part of the URL. A socket's directory may stand beside the host `localhost`. */
function placesComplaint({ host, userInfo = '' }: UrlParts, given: Given): string | undefined {
  const [user = '', password = ''] = userInfo.split(':');
  const [, name = '', port = ''] = /^(\[.*\]|[^:]*):?(.*)$/s.exec(host) ?? [];
  const isBesideSocket = name === 'localhost' && isSocket(given('host') ?? '');
  const places = { user, password, port, host: isBesideSocket ? '' : name };
  const both = Object.entries(places).find(([part, written]) => written !== '' && given(part) !== undefined);
  return both && `must have its ${both[0]} in one place, not as a parameter too`;
}

const isSocket = (host: string) => host.startsWith('/');

/** Hosts, ports and names of databases that the driver accepts, and that cannot be meant. */
function placeComplaint({ host, path }: UrlParts, given: Given): string | undefined {
  const [named = '', port = ''] = [given('host'), given('port')];
  // Without a number behind its colon, a port is the usual one.
  const isPlace = host === '' || isSocket(decodeURIComponent(host)) || isHostAndPort(host.replace(/:$/, ''));
  const isNamed = named === '' || isSocket(named) || isIPv6(named) || isHost(named);
  if (!isPlace || !isNamed || (port !== '' && !isPort(port))) return databaseForm;
  return /[;&]/.test(path) ? 'must have its parameters behind a ?, separated by &' : undefined;
}

function parameterComplaint(given: Given): string | undefined {
  const mode = given('sslmode');
  if (mode !== undefined && !sslModes.includes(mode)) return `must have as sslmode one of ${sslModes.join(', ')}`;
  const attributes = given('target_session_attrs');
  if (attributes !== undefined && !sessionAttributes.includes(attributes)) {
    return 'must lead to a database that can be written to: target_session_attrs says otherwise';
  }
  return tlsComplaint(given, mode);
}

function tlsComplaint(given: Given, mode: string | undefined): string | undefined {
  if (given('ssl') !== undefined && (given('ssl') !== 'true' || mode !== undefined)) {
    return 'must have sslmode alone, without ssl';
  }
  const negotiation = given('sslnegotiation');
  if (negotiation !== undefined && !/^(postgres|direct)$/.test(negotiation)) {
    return 'must have as sslnegotiation one of postgres, direct';
  }
  const files = ['sslrootcert', 'sslcert', 'sslkey'];
  const unused = { disable: [...files, 'sslnegotiation'], 'no-verify': ['sslrootcert'] }[mode ?? ''] ?? [];
  const contradiction = unused.find((name) => given(name) !== undefined);
  if (contradiction !== undefined) return `contradicts itself: sslmode=${mode} makes no use of ${contradiction}`;
  const missing = files.find((name) => !isReadable(given(name)));
  return missing && `names a file as ${missing} that cannot be read`;
}

/** `system` stands for the authorities that Node knows. */
function isReadable(file: string | undefined): boolean {
  if (file === undefined || file === 'system') return true;
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The URL of a mail server. */
export const smtpComplaint: Complaint = (url) => {
  const form = 'must be a URL like smtp://user:password@mail.example.com:587';
  const read = partsOf(url);
  if (!read || !/^smtps?$/.test(read.scheme)) return form;
  if (!isEncoded(url, read)) return unencoded;
  if (!URL.canParse(url) || !isHostAndPort(read.host) || !/^\/?$/.test(read.path)) return form;
  if (read.userInfo !== undefined && !/^[^:]+:./s.test(read.userInfo)) {
    return 'must have a user name and a password, or neither';
  }
  const options = new URLSearchParams(read.query);
  if (repeats(options)) return twice;
  const complaint = smtpOptionsComplaint(options);
  if (complaint !== undefined) return complaint;
  const isOn = (option: string) => options.get(option) === 'true';
  const asksForTls = read.scheme === 'smtps' || isOn('secure') || isOn('requireTLS');
  const declinesTls = isOn('ignoreTLS') || (read.scheme === 'smtps' && options.get('secure') === 'false');
  return asksForTls && declinesTls ? 'contradicts itself: it asks for TLS and declines it' : undefined;
};

/** The URL of a host with at most the number of a database. The client ignores or misreads any other part. */
export const redisComplaint: Complaint = (url) => {
  const form = 'must be a URL like redis://user:password@redis.example.com:6379/0';
  const read = partsOf(url);
  if (!read || !/^rediss?:/.test(url)) return form;
  if (!isEncoded(url, read)) return unencoded;
  const isForm = URL.canParse(url) && isHostAndPort(read.host) && /^\/?\d{0,4}$/.test(read.path);
  return isForm && !url.includes('?') ? undefined : form;
};
