import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addressIn, startServer, stopServer } from '../running-server.mjs';

const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123', age: 36 };

/** The commands that end by themselves, on a new embedded database, and what they must print. */
const commands = [
  [['--version'], /^\d+\.\d+\.\d+$/],
  [['--help'], /^Usage: sallyport/],
  [['migrate', '--plan'], /core/],
  [['migrate'], /^Migrated: /],
  [['migrate'], /^The schema is up to date$/],
  [['keys', 'rotate'], / next /],
  [['keys', 'revoke'], / active /],
  [['keys', 'list'], / active /],
  [['sessions', 'end-all'], /./],
];

/**
 * Runs every command of an installed server, and uses a server that runs. Its compiled modules are removed before, so
 * that everything comes from the bundle.
 *
 * @param {string} folder where `@sallyport/server` is installed
 */
export async function checkServer(folder) {
  const server = join(folder, 'node_modules/@sallyport/server');
  const compiled = readdirSync(join(server, 'dist')).filter((name) => name.endsWith('.js'));
  for (const name of compiled) rmSync(join(server, 'dist', name));
  const launcher = join(server, 'bin/sallyport.cjs');
  const place = join(folder, 'place');
  mkdirSync(place);
  for (const [args, expected] of commands) check(args.join(' '), run(launcher, args, place), expected);
  const running = startServer(place, {}, launcher);
  try {
    await useServer(await addressIn(running));
  } finally {
    check('the exit code of serve', String(await stopServer(running, 'SIGINT')), /^0$/);
  }
  check('users unslow', run(launcher, ['users', 'unslow', ada.email], place), /are cleared$/);
  console.log(`Ran ${commands.length + 2} commands of the installed server.`);
}

function run(launcher, args, cwd) {
  const env = { PATH: process.env.PATH };
  return execFileSync('sh', ['-c', 'exec "$@" 2>&1', '', process.execPath, launcher, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  }).trim();
}

/** Registers and logs in (hashes, keys, tables, mails), and reads the files that other packages contain. */
async function useServer(url) {
  const post = async (path, body) => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  check('registration', String(await post('/auth/register', ada)), /^201$/);
  check('login', String(await post('/auth/login', ada)), /^200$/);
  const common = { ...ada, email: 'eve@example.com', password: 'password1' };
  check('registration with a common password', String(await post('/auth/register', common)), /^422$/);
  check('the docs page', String((await fetch(`${url}/docs/swagger-ui-bundle.js`)).status), /^200$/);
}

function check(what, result, expected) {
  if (!expected.test(result)) throw new Error(`${what}: ${result}`);
}
