export const password = 'secret123';

/** The admin who checks the results of a load, and the variables that create the account. */
const admin = { email: 'admin@example.com', password: 'admin secret 123' };
export const bootstrap = { BOOTSTRAP_ADMIN_EMAIL: admin.email, BOOTSTRAP_ADMIN_PASSWORD: admin.password };

export const post = { title: 'On engines', content: 'Weaves algebraical patterns.' };

let people = 0;

/** An address without an account. */
export function newEmail() {
  people += 1;
  return `person${process.pid}-${people}@example.com`;
}

let addresses = 0;

/** Headers of a client that seems to have an address of its own, behind a trusted proxy. */
export function newAddress() {
  addresses += 1;
  return { 'x-forwarded-for': `198.${18 + (addresses >> 16)}.${(addresses >> 8) & 255}.${addresses & 255}` };
}

export function register(ask, email, headers) {
  return ask('POST /auth/register', { json: { name: 'Ada', email, password, age: 36 }, headers });
}

export function logIn(ask, email, secret = password, headers) {
  return ask('POST /auth/login', { json: { email, password: secret }, headers });
}

/** The access token of the admin. */
export async function adminToken(ask) {
  return (await logIn(ask, admin.email, admin.password)).body.access_token;
}

/** All items of a list, from this page on. */
export async function listAll(ask, page, token) {
  const items = [];
  for (let next = page; next;) {
    const { body, headers } = await ask(`GET ${next}`, { token });
    items.push(...body);
    next = /<([^>]+)>/.exec(headers.link ?? '')?.[1];
  }
  return items;
}

/** Every account but the admin's, by address. */
export async function listAccounts(ask) {
  const users = await listAll(ask, '/admin/users?limit=100', await adminToken(ask));
  return new Map(users.filter(({ email }) => email !== admin.email).map((user) => [user.email, user]));
}
