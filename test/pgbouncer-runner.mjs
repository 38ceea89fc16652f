// Runs Debian's PgBouncer in a temporary folder, writes its URL to stdout, and ends it once stdin is closed, which
// happens even if the parent is killed. Its arguments are the URL of a Postgres and settings, as pool_mode=session.
// A line `stop SIGINT`, `start`, or `reload` with settings on stdin stops it by that signal, starts it again on the same
// port, or changes settings while it runs; the runner then reports that it is done. It is JavaScript, because Node 20
// runs it directly.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram } from '../scripts/programs.mjs';
import { freePort } from './free-port.mjs';
import { user } from './unprivileged-user.mjs';

const startupMs = 30_000;
const [target, ...given] = process.argv.slice(2);

const commands = createInterface({ input: process.stdin });
const closed = new Promise((resolve) => {
  process.stdin.on('error', resolve);
  commands.on('close', resolve);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, resolve);
});
// The reader of the URL may be gone by now. The folder must be removed all the same.
process.stdout.on('error', () => {});

const pgbouncer = findProgram([process.env.PGBOUNCER, '/usr/sbin/pgbouncer'], 'pgbouncer');
const folder = await mkdtemp(join(tmpdir(), 'sallyport-pgbouncer-'));
const [settingsFile, usersFile, log] = ['pgbouncer.ini', 'users.txt', 'log'].map((name) => join(folder, name));
let breakDown;
const broken = new Promise((_resolve, reject) => (breakDown = reject));
let pooler;
try {
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  const { hostname, port: targetPort, username, password } = new URL(target);
  const port = await freePort();
  const settings = new Map(
    Object.entries({
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      // Every client of this port is trusted; Postgres gets the password.
      auth_type: 'trust',
      auth_file: usersFile,
      pool_mode: 'transaction',
      max_client_conn: 200,
    }),
  );
  const configure = async (changes) => {
    for (const change of changes) settings.set(...change.split('='));
    const lines = [...settings].map(([name, value]) => `${name} = ${value}`);
    const databases = `* = host=${hostname} port=${targetPort || 5432}`;
    await writeFile(settingsFile, ['[databases]', databases, '[pgbouncer]', ...lines, ''].join('\n'));
  };
  await writeFile(usersFile, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`, { mode: 0o600 });
  if (user.uid !== undefined) await chown(usersFile, user.uid, user.gid);
  await configure(given);
  const start = async () => {
    pooler = await run(port);
  };
  await start();
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  console.log(url.href);
  const obey = async ([command, ...details]) => {
    if (command === 'stop') await pooler.stop(...details);
    else if (command === 'start') await start();
    else {
      await configure(details);
      pooler.reload();
    }
    console.log('done');
  };
  commands.on('line', (line) => void obey(line.split(' ')).catch(breakDown));
  await Promise.race([closed, broken]);
} finally {
  await pooler?.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}
process.exit();

/** Runs PgBouncer, which must not end before it is stopped. */
async function run(port) {
  const file = await open(log, 'a');
  const child = spawn(pgbouncer, [settingsFile], { ...user, cwd: folder, stdio: ['ignore', file.fd, file.fd] });
  await file.close();
  let isStopped = false;
  const exited = once(child, 'exit');
  void exited.then((how) => isStopped || failed(how)).catch(breakDown);
  await Promise.race([answer(port), broken]);
  return {
    async stop(signal) {
      isStopped = true;
      child.kill(signal);
      await exited;
    },
    reload: () => child.kill('SIGHUP'),
  };
}

async function answer(port) {
  for (const deadline = Date.now() + startupMs; Date.now() < deadline; await delay(20)) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
  }
  await failed('It does not answer');
}

async function failed(cause) {
  throw new Error(await readFile(log, 'utf8'), { cause });
}
