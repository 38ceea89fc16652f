/** The number of addresses of each kind, so that the result does not depend on a single address or row. */
const each = 8;

export const password = 'secret123';

/** The kinds of addresses, all of the same length, with the number at which each begins. */
const firstOf = { known: 100, deactivated: 200, leaky: 300, leakyLater: 400, foreign: 500, unknown: 900 };

/** An address of this kind, in turn. */
export function addressOf(kind, turn) {
  return `person-${firstOf[kind] + (turn % each)}@example.com`;
}

/** Whether an address is of this kind. */
export function isOf(kind, email) {
  const number = Number(/^person-(\d+)@/.exec(email)?.[1]);
  return number >= firstOf[kind] && number < firstOf[kind] + each;
}

/**
 * Registers all kinds except the unknown one, and deactivates the accounts of the deactivated kind. Those of the foreign
 * kind do not log in, which would replace their hashes.
 *
 * @returns an access token of another member
 */
export async function populate(url) {
  for (const kind of Object.keys(firstOf).filter((name) => name !== 'unknown')) {
    for (let turn = 0; turn < each; turn += 1) {
      if (kind === 'foreign') {
        await register(url, addressOf(kind, turn));
        continue;
      }
      const token = await registerAndLogin(url, addressOf(kind, turn));
      if (kind === 'deactivated') await ask(url, 'PATCH /users/me/deactivate', undefined, token);
    }
  }
  return registerAndLogin(url, 'member-000@example.com');
}

function register(url, email) {
  return ask(url, 'POST /auth/register', { name: 'Somebody', email, password, age: 36 });
}

async function registerAndLogin(url, email) {
  await register(url, email);
  const { access_token: token } = await ask(url, 'POST /auth/login', { email, password });
  return token;
}

async function ask(url, methodAndPath, json, token) {
  const [method, path] = methodAndPath.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(json && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  if (!response.ok) throw new Error(`${methodAndPath} answered ${response.status}`);
  return response.json();
}
