/**
 * Prints the accounts of a Keycloak realm, in the form that `sallyport import` reads.
 *
 * node export.mjs export/myrealm-users-*.json > accounts.ndjson
 *
 * The files are those of `kc.sh export`. Users with the realm role `admin` become admins; `--admin-role NAME` names
 * another role. Accounts of services are left out.
 */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { 'admin-role': { type: 'string', default: 'admin' } },
});
if (files.length === 0) throw new Error('Which files of the export?');

await pipeline(Readable.from(lines()), process.stdout, { end: false });

function* lines() {
  for (const file of inOrder(files)) {
    const { users = [] } = JSON.parse(readFileSync(file, 'utf8'));
    const people = users.filter(({ serviceAccountClientId }) => serviceAccountClientId === undefined);
    for (const user of people) yield `${JSON.stringify(toLine(user))}\n`;
  }
}

/** The shell lists myrealm-users-10.json before myrealm-users-2.json. */
function inOrder(names) {
  return names.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

function toLine({ id, username, firstName = '', lastName = '', email, emailVerified, enabled, ...user }) {
  return {
    external_id: id,
    name: `${firstName} ${lastName}`.trim() || username,
    email: email ?? '',
    email_verified: emailVerified,
    password_hash: passwordOf(user.credentials),
    role: user.realmRoles?.includes(values['admin-role']) ? 'admin' : 'user',
    is_active: enabled,
    created_at: user.createdTimestamp === undefined ? undefined : new Date(user.createdTimestamp).toISOString(),
  };
}

/** A user that comes from LDAP or signs in with another provider has no password here. */
function passwordOf(credentials = []) {
  const password = credentials.find(({ type }) => type === 'password');
  if (!password) return undefined;
  const { secretData, credentialData } = password;
  return JSON.stringify({ secretData, credentialData });
}
