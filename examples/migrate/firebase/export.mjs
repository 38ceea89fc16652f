/**
 * Prints the accounts of Firebase Authentication, in the form that `sallyport import` reads.
 *
 * node export.mjs users.json hash-config.txt > accounts.ndjson
 *
 * users.json is what `firebase auth:export users.json` writes, and hash-config.txt the password hash parameters of the
 * project, as the Firebase console shows them. Accounts without an address (anonymous ones, and those with a phone alone)
 * are left out. The custom claim {"role": "admin"} or {"admin": true} makes an admin.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [usersFile, configFile] = process.argv.slice(2);
if (!usersFile || !configFile) throw new Error('Usage: node export.mjs users.json hash-config.txt');

const parameter = readConfig(readFileSync(configFile, 'utf8'));
const prefix = `$fbscrypt$v=1,n=${parameter('mem_cost')},r=${parameter('rounds')},p=1,ss=${parameter('base64_salt_separator')},sk=${parameter('base64_signer_key')}`;
let leftOut = 0;
await pipeline(Readable.from(lines()), process.stdout, { end: false });
console.error(`${leftOut} accounts without an address were left out.`);

/** The values in a text like `hash_config { algorithm: SCRYPT, base64_signer_key: …, rounds: 8, mem_cost: 14, }`. */
function readConfig(text) {
  return (name) => {
    const value = new RegExp(`\\b${name}\\s*:\\s*"?([A-Za-z0-9+/_=-]+)`).exec(text)?.[1];
    if (value === undefined) throw new Error(`${configFile} has no ${name}`);
    return value;
  };
}

async function* lines() {
  for await (const text of users(createReadStream(usersFile, 'utf8'))) {
    const user = JSON.parse(text);
    if (user.email) yield `${JSON.stringify(toLine(user))}\n`;
    else leftOut += 1;
  }
}

/** The texts of the objects in the list of {"users": [{…}, {…}]}, which may be larger than the memory. */
async function* users(chunks) {
  let [user, depth, isInString, isEscaped] = ['', 0, false, false];
  for await (const chunk of chunks) {
    // Where the part of this chunk begins that belongs to the user.
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at];
      if (isEscaped) isEscaped = false;
      else if (isInString) {
        if (character === '\\') isEscaped = true;
        else if (character === '"') isInString = false;
      } else if (character === '"') isInString = true;
      else if (character === '{') {
        depth += 1;
        if (depth === 2) start = at;
      } else if (character === '}') {
        depth -= 1;
        if (depth === 1) {
          yield user + chunk.slice(start, at + 1);
          user = '';
        }
      }
    }
    if (depth >= 2) user += chunk.slice(start);
  }
  if (depth !== 0) throw new Error(`${usersFile} is not complete`);
}

function toLine({
  localId,
  email,
  emailVerified,
  displayName,
  passwordHash,
  salt,
  disabled,
  createdAt,
  customAttributes,
}) {
  const claims = JSON.parse(customAttributes || '{}');
  return {
    external_id: localId,
    name: displayName?.trim() || email.split('@')[0].slice(0, 50),
    email,
    email_verified: emailVerified === true,
    password_hash: passwordHash ? `${prefix}$${salt}$${passwordHash}` : undefined,
    role: claims.role === 'admin' || claims.admin === true ? 'admin' : 'user',
    is_active: disabled !== true,
    created_at: createdAt === undefined ? undefined : new Date(Number(createdAt)).toISOString(),
  };
}
