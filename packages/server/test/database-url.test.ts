import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { member, startServer } from './start-server.ts';

/** Lets Postgres answer on a socket of this directory, as it does by itself where it is on the same machine. */
async function openSocket(directory: string, { hostname, port }: URL): Promise<Server> {
  const server = createServer((socket) => {
    const database = connect(Number(port), hostname);
    for (const end of [socket, database]) end.on('error', () => socket.destroy());
    socket.pipe(database).pipe(socket);
    socket.on('close', () => database.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(join(directory, '.s.PGSQL.5432'), resolve));
  return server;
}

it('the server runs on a database at each form of URL that leads to a socket, names no port or several hosts', async () => {
  const url = new URL((await createDatabase()).url);
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-socket-'));
  const sockets = await openSocket(directory, url);
  onTestFinished(async () => {
    sockets.close();
    await rm(directory, { recursive: true });
  });
  const credentials = `${url.username}:${url.password}`;
  const [database, encoded] = [url.pathname.slice(1), encodeURIComponent(directory)];
  const forms = [
    `postgresql://${credentials}@/${database}?host=${directory}`,
    `postgres:///${database}?host=${encoded}&user=${url.username}&password=${url.password}`,
    `postgres://${credentials}@${encoded}/${database}`,
    `postgres://${credentials}@localhost/${database}?host=${encoded}&application_name=mine`,
    `postgres://${credentials}@/${database}?host=${directory}&options=-c search_path=nowhere`,
    `postgres://${credentials}@127.0.0.1:1,${url.host}/${database}?target_session_attrs=read-write`,
    `postgres://${credentials}@/${database}?host=/nowhere,${directory},127.0.0.1&port=1,5432,1`,
  ];
  for (const [index, DATABASE_URL] of forms.entries()) {
    const server = await startServer('Postgres', { environment: { DATABASE_URL } });
    const { token } = await member(server, `Ada-${index}`);
    expect((await server.request('GET /users/me', { token })).status).toBe(200);
    await server.close();
  }
});
