import { createServer } from 'node:net';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { SmtpMailer } from '@sallyport/adapters-smtp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../test/free-port.mjs';
import { listen, openMailServer } from '../../adapters-smtp/test/mail-server.ts';
import { parts, ports, replace } from '../src/index.ts';
import { createLog } from '../src/log.ts';
import { type Answer, member, type Person, startServer, type TestServer } from './start-server.ts';

const clock = new ManualClock();
let written = '';

/** A server whose mails go to this port, and which waits so many milliseconds for the mail server. */
async function mailingTo(port: number, patience = 200): Promise<TestServer> {
  written = '';
  const mailer = new SmtpMailer(
    `smtp://127.0.0.1:${port}`,
    { from: 'no-reply@example.com', publicUrl: 'https://id.example.com' },
    patience,
  );
  const log = createLog('info', { write: (line) => void (written += line) });
  const overrides = [replace(ports.mailer, mailer), replace(parts.log, log)];
  const server = await startServer('memory', { clock, overrides });
  onTestFinished(async () => {
    mailer.close();
    await server.close();
  });
  return server;
}

const silent = () => createServer((socket) => void socket.on('error', () => {}).resume());
const refusing = () => createServer((socket) => void socket.on('error', () => {}).end('421 Not now\r\n'));
const refusingRecipients =
  (responseCode: number, reply: string) => (_address: unknown, _session: unknown, done: (error: Error) => void) =>
    done(Object.assign(new Error(reply), { responseCode }));

const faults: readonly (readonly [what: string, open: () => Promise<number>])[] = [
  ['is down', freePort],
  ['takes connections and says nothing', () => listen(silent())],
  ['greets with a refusal', () => listen(refusing())],
  [
    'refuses every recipient for now',
    async () => (await openMailServer({ onRcptTo: refusingRecipients(450, 'Greylisted') })).port,
  ],
];

/** What a client can see of an answer. */
const visible = ({ status, headers, body }: Answer) => [
  status,
  body,
  [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
];

describe.each(faults)('a mail server that %s', (_, open) => {
  it('changes no response, while mails are tried and after (CVE-2024-45231)', async () => {
    const server = await mailingTo(await open());
    const ask = async ({ email }: Pick<Person, 'email'>) =>
      visible(await server.request('POST /auth/forgot-password', { json: { email } }));
    const known = await member(server);
    const registering = { name: 'Bob', email: 'bob@example.com', password: 'secret123', age: 36 };

    const trying = server.sendMails();
    const during = [await ask(known), await ask({ email: 'nobody@example.com' })];
    expect((await server.request('POST /auth/register', { json: registering })).status).toBe(201);
    await trying;
    const after = [await ask(known), await ask({ email: 'nobody@example.com' })];
    const same = [200, { message: 'If that email exists, a reset link has been sent' }, expect.any(Array)];
    expect(during[0]).toEqual(same);
    for (const answer of [...during, ...after]) expect(answer).toEqual(during[0]);
  });

  it('has each mail given up after twenty attempts, which the log tells, without its address or token', async () => {
    const server = await mailingTo(await open());
    const { email } = await member(server, 'Ada');
    for (let attempt = 1; attempt < 20; attempt += 1) {
      expect(await server.application.sendMails.execute(server.system)).toBe(1);
      clock.advance(3600);
    }
    expect(written).not.toContain('given up');
    await server.application.sendMails.execute(server.system);
    const lines = written
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes('given up'));
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 50, msg: 'A mail was given up', kind: 'verify-email' }),
    ]);
    expect(written).not.toContain(email);
    expect(written).not.toContain('token=');
    clock.advance(365 * 24 * 3600);
    expect(await server.application.sendMails.execute(server.system)).toBe(0);
  });
});

it('a mail server that comes back gets what waited for it, after a pause, and once', async () => {
  let isUp = false;
  const { received, port } = await openMailServer({
    onConnect: (_session, done) => (isUp ? done() : done(Object.assign(new Error('Not now'), { responseCode: 421 }))),
  });
  const server = await mailingTo(port, 5_000);
  const { email } = await member(server, 'Ada');
  await server.request('POST /auth/forgot-password', { json: { email } });
  const send = () => server.application.sendMails.execute(server.system);
  expect([await send(), received]).toEqual([2, []]);
  isUp = true;
  expect(await send()).toBe(0);
  clock.advance(2);
  expect([await send(), await send()]).toEqual([2, 0]);
  expect(received.map(({ recipients }) => recipients)).toEqual([[email], [email]]);
});

it('a mail to a recipient that does not exist is given up at once, with an event that says why and a line of the log', async () => {
  const { port } = await openMailServer({ onRcptTo: refusingRecipients(550, '5.1.1 No such user') });
  const server = await mailingTo(port, 5_000);
  const given: unknown[] = [];
  server.application.events.on('mail.given_up', ({ detail }) => void given.push(detail));
  await member(server, 'Ada');
  const send = () => server.application.sendMails.execute(server.system);
  expect(await send()).toBe(1);
  const reason: unknown = expect.stringMatching(/: 550 5\.1\.1 No such user$/);
  expect(given).toEqual([{ kind: 'verify-email', reason, by: 'system' }]);
  expect(written).toContain('A mail was given up');
  clock.advance(365 * 24 * 3600);
  expect(await send()).toBe(0);
});
