import { accessSync, constants } from 'node:fs';

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

const databaseForm = 'must be memory:, pglite:PATH or a valid URL postgres://…';

/** The modes that the driver knows. It checks the certificate in all of them but `no-verify`. */
const sslModes = ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'];

/** What a URL may ask for that a connection for reading and writing to one host is. */
const sessionAttributes = ['any', 'read-write', 'primary', 'prefer-standby'];

/** The URL of a PostgreSQL database, in the forms of libpq (PostgreSQL manual, "Connection URIs"), or another store. */
export const databaseComplaint: Complaint = (url) => {
  if (url === 'memory:' || url.startsWith('pglite:')) return undefined;
  if (/^\w+\s*=/.test(url)) return 'must be a URL postgres://user:password@host/database, not a list of keywords';
  const read = partsOf(url);
  if (!read || !/^postgres(ql)?:/.test(url)) return databaseForm;
  if (!isEncoded(url, read)) return unencoded;
  const parameters = new URLSearchParams(read.query);
  const given = (name: string) => parameters.get(name) ?? undefined;
  if (`${read.host}${given('host') ?? ''}`.includes(',')) return 'must name one host: several are not supported';
  // A socket's directory may be the host, percent-encoded or in the query. Then there may be no host in its place.
  const hostless = read.host === '' && (given('host') !== undefined || read.path.length > 1);
  if (!hostless && !URL.canParse(`postgres://${read.host}`)) return databaseForm;
  if (read.host === '' && !hostless) return databaseForm;
  return parameterComplaint(given);
};

function parameterComplaint(given: (name: string) => string | undefined): string | undefined {
  if (given('dbname') !== undefined) return 'must have the name of the database in its path, not as dbname';
  const mode = given('sslmode');
  if (mode !== undefined && !sslModes.includes(mode)) return `must have as sslmode one of ${sslModes.join(', ')}`;
  const attributes = given('target_session_attrs');
  if (attributes !== undefined && !sessionAttributes.includes(attributes)) {
    return 'must lead to a database that can be written to: target_session_attrs says otherwise';
  }
  const files = ['sslrootcert', 'sslcert', 'sslkey'];
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

/** Options of a mail server's URL that are of use. Others would be ignored, or change what the mailer relies on. */
const smtpOptions = /^(requireTLS|ignoreTLS|secure|name|localAddress|authMethod|tls\.\w+)$/;
const smtpSwitches = /^(requireTLS|ignoreTLS|secure|tls\.rejectUnauthorized)$/;

/** The URL of a mail server. */
export const smtpComplaint: Complaint = (url) => {
  const form = 'must be a URL like smtp://user:password@mail.example.com:587';
  const read = partsOf(url);
  if (!read || !/^smtps?$/.test(read.scheme)) return form;
  if (!isEncoded(url, read)) return unencoded;
  if (!URL.canParse(url) || new URL(url).hostname === '' || !/^\/?$/.test(read.path)) return form;
  if (read.userInfo !== undefined && !/^[^:]+:./s.test(read.userInfo)) {
    return 'must have a user name and a password, or neither';
  }
  for (const [option, value] of new URLSearchParams(read.query)) {
    if (!smtpOptions.test(option)) return 'has an option that is not known; requireTLS=true is the most common one';
    if (smtpSwitches.test(option) && !/^(true|false)$/.test(value)) return `must have true or false as ${option}`;
  }
  return undefined;
};

/** The URL of a host with at most the number of a database. The client ignores or misreads any other part. */
export const redisComplaint: Complaint = (url) => {
  const form = 'must be a URL like redis://user:password@redis.example.com:6379/0';
  const read = partsOf(url);
  if (!read || !/^rediss?:/.test(url)) return form;
  if (!isEncoded(url, read)) return unencoded;
  const isForm = URL.canParse(url) && new URL(url).hostname !== '' && /^\/?\d{0,4}$/.test(read.path);
  return isForm && !url.includes('?') ? undefined : form;
};
