import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail that a mail server took. */
interface Received {
  readonly from: string | false;
  readonly recipients: readonly string[];
  readonly raw: string;
}

/** Lets a server listen until the end of the test, and says on which port. */
export async function listen(server: Server | SMTPServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  const socketServer = 'server' in server ? server.server : server;
  await once(socketServer, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (socketServer.address() as AddressInfo).port;
}

/** A mail server that keeps what it gets. */
export async function openMailServer(behaviour: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 1,
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = mailFrom && mailFrom.address;
        const recipients = rcptTo.map(({ address }) => address);
        received.push({ from, recipients, raw: Buffer.concat(chunks).toString('latin1') });
        done();
      });
    },
    ...behaviour,
  });
  // A client that hangs up is part of some tests.
  server.on('error', () => {});
  return { received, server, port: await listen(server) };
}
