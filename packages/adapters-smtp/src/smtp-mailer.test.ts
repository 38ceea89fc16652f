import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen, openMailServer } from '../test/mail-server.ts';
import { parseMessage } from '../test/parse-message.ts';
import { everyLetter, hostileNames, kinds, options, sampleMail } from '../test/sample-mail.ts';
import { toLetter } from './letters.ts';
import { SmtpMailer } from './smtp-mailer.ts';

/** A mailer that is closed at the end of the test. */
function openMailer(port: number, { credentials = '', query = '', timeout = 5_000 } = {}): SmtpMailer {
  const mailer = new SmtpMailer(`smtp://${credentials}127.0.0.1:${port}${query}`, options, timeout);
  onTestFinished(() => mailer.close());
  return mailer;
}

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

describe('SmtpMailer', () => {
  it.each(everyLetter)('hands a letter in %s of kind %s to the mail server, whole', async (locale, kind) => {
    const { received, port } = await openMailServer();
    const mail = sampleMail(kind, { locale });
    await openMailer(port).send(mail);
    expect(received).toMatchObject([{ from: 'no-reply@example.com', recipients: ['ada@example.com'] }]);
    const { header, subject, text, html } = parseMessage(received[0]!.raw);
    expect({ subject, text, html }).toEqual(toLetter(mail, options.publicUrl));
    expect(header('From')).toEqual(['Sallyport <no-reply@example.com>']);
    expect(header('To')).toEqual(['Ada Lovelace <ada@example.com>']);
  });

  it('says that a machine wrote it, and never has the link in a header', async () => {
    const { received, port } = await openMailServer();
    await openMailer(port).send(sampleMail('reset-password'));
    const { header } = parseMessage(received[0]!.raw);
    expect(header('Auto-Submitted')).toEqual(['auto-generated']);
    expect(header('X-Link')).toEqual([]);
  });

  it('gives every attempt at one mail the same Message-ID, and every mail its own', async () => {
    const { received, port } = await openMailServer();
    const mailer = openMailer(port);
    await mailer.send(sampleMail('reset-password', { id: 'one' }));
    await mailer.send(sampleMail('reset-password', { id: 'one', token: 'another' }));
    await mailer.send(sampleMail('reset-password', { id: 'two' }));
    const ids = received.flatMap(({ raw }) => parseMessage(raw).header('Message-ID'));
    expect(ids).toEqual(['<one@accounts.example.com>', '<one@accounts.example.com>', '<two@accounts.example.com>']);
  });

  it.each(hostileNames)(
    'sends to the address alone, also for the name %j (CVE-2025-13033, CVE-2025-14874)',
    async (name) => {
      const { received, port } = await openMailServer();
      await openMailer(port).send(sampleMail('verify-email', { name }));
      expect(received.map(({ recipients }) => recipients)).toEqual([['ada@example.com']]);
      const { header } = parseMessage(received[0]!.raw);
      const [to, ...more] = header('To');
      // Nothing, a quoted string or encoded words (RFC 2047): nothing in them is an address.
      expect(to).toMatch(
        /^(?:ada@example\.com|(?:"(?:[^"\\]|\\.)*"|=\?UTF-8\?[QB]\?[\w=+/]+\?=(?: =\?UTF-8\?[QB]\?[\w=+/]+\?=)*) <ada@example\.com>)$/,
      );
      expect([...more, ...header('Cc'), ...header('Bcc'), ...header('Reply-To')]).toEqual([]);
    },
  );

  it('takes every address that the core takes as one recipient', async () => {
    const { received, port } = await openMailServer();
    const to = "!#$%&'*+/=?^_`{|}~-.x@mail.example.co" as never;
    await openMailer(port).send(sampleMail('verify-email', { to }));
    expect(received.map(({ recipients }) => recipients)).toEqual([[to]]);
  });

  it('sends many at once over no more than twelve connections', async () => {
    let open = 0;
    let most = 0;
    const { received, port } = await openMailServer({
      onConnect(_session, done) {
        most = Math.max(most, ++open);
        done();
      },
      onClose: () => void open--,
    });
    const mailer = openMailer(port);
    await Promise.all(Array.from({ length: 24 }, (_, id) => mailer.send(sampleMail('verify-email', { id: `${id}` }))));
    expect(received).toHaveLength(24);
    expect(most).toBe(12);
  });

  it('connects again when the mail server has hung up in the meantime', async () => {
    const { received, server, port } = await openMailServer();
    const connected = once(server.server, 'connection') as Promise<[Socket]>;
    const mailer = openMailer(port);
    await mailer.send(sampleMail('verify-email', { id: 'one' }));
    const [socket] = await connected;
    socket.destroy();
    await mailer.send(sampleMail('verify-email', { id: 'two' }));
    expect(received).toHaveLength(2);
  });

  it('logs in as the URL says', async () => {
    const logins: unknown[] = [];
    const { received, port } = await openMailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        logins.push([username, password]);
        done(null, { user: username });
      },
    });
    await openMailer(port, { credentials: 'mail%40example.com:p%3Ass%2Fword@' }).send(sampleMail('verify-email'));
    expect(logins).toEqual([['mail@example.com', 'p:ss/word']]);
    expect(received).toHaveLength(1);
  });

  it('tells no mail to a server without TLS where the URL insists on it', async () => {
    const { received, port } = await openMailServer();
    const insisting = openMailer(port, { query: '?requireTLS=true' });
    await expect(insisting.send(sampleMail('reset-password'))).rejects.toThrow(/STARTTLS/);
    expect(received).toEqual([]);
  });

  it('sends no mail to a server with an untrusted certificate', async () => {
    const { received, port } = await openMailServer({ disabledCommands: ['AUTH'] });
    await expect(openMailer(port).send(sampleMail('reset-password'))).rejects.toThrow(/certificate/);
    expect(received).toEqual([]);
  });
});

describe('SmtpMailer, where a mail is to be tried again,', () => {
  it('rejects when nothing listens', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(openMailer(port).send(sampleMail('verify-email'))).rejects.toThrow('ECONNREFUSED');
  });

  it.each([421, 451, 550])('rejects when the greeting is %i', async (code) => {
    const { port } = await openMailServer({ onConnect: (_session, done) => done(refusal(code, 'Not now')) });
    await expect(openMailer(port).send(sampleMail('verify-email'))).rejects.toThrow(`${code} Not now`);
  });

  it.each([450, 550])('rejects when the recipient is answered with %i, and sends the next mail', async (code) => {
    const { received, port } = await openMailServer({
      onRcptTo({ address }, _session, done) {
        done(address === 'ada@example.com' ? refusal(code, 'No such mailbox') : null);
      },
    });
    const mailer = openMailer(port);
    await expect(mailer.send(sampleMail('verify-email'))).rejects.toThrow(`${code} No such mailbox`);
    await mailer.send(sampleMail('verify-email', { to: 'grace@example.com' as never }));
    expect(received.map(({ recipients }) => recipients)).toEqual([['grace@example.com']]);
  });

  it.each([452, 554])('rejects when the message is answered with %i', async (code) => {
    const { port } = await openMailServer({
      onData(stream, _session, done) {
        stream.resume().on('end', () => done(refusal(code, 'Not this one')));
      },
    });
    await expect(openMailer(port).send(sampleMail('verify-email'))).rejects.toThrow(`${code} Not this one`);
  });

  it('rejects when the login is refused, and does not tell the password', async () => {
    const { port } = await openMailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Wrong')),
    });
    const sent = openMailer(port, { credentials: 'mail:pa55word@' }).send(sampleMail('verify-email'));
    const error = await sent.then(
      () => new Error('It was taken'),
      (reason: unknown) => reason as Error,
    );
    expect(error.message).toMatch(/^Invalid login: 535/);
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('pa55word');
  });

  it('rejects when the server hangs up before it greets, and goes on doing so', async () => {
    const rude = createServer((socket) => void socket.on('error', () => {}).end());
    await expect(openMailer(await listen(rude), { timeout: 300 }).send(sampleMail('verify-email'))).rejects.toThrow(
      'aborted',
    );
  });

  it('rejects after its timeout when the server takes the connection and says nothing', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}).resume());
    const mailer = openMailer(await listen(silent), { timeout: 100 });
    await expect(mailer.send(sampleMail('verify-email'))).rejects.toThrow('aborted');
  });

  it('rejects after its timeout when the server takes the message and says nothing', async () => {
    const { port } = await openMailServer({ onData: (stream) => void stream.resume() });
    await expect(openMailer(port, { timeout: 100 }).send(sampleMail('verify-email'))).rejects.toThrow('aborted');
  });

  it('lets the timeout run while a mail waits for a connection', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}).resume());
    const mailer = openMailer(await listen(silent), { timeout: 100 });
    const sent = await Promise.allSettled(kinds.map((kind) => mailer.send(sampleMail(kind, { id: kind }))));
    expect(sent.map(({ status }) => status)).toEqual(kinds.map(() => 'rejected'));
  });

  it('rejects once it is closed', async () => {
    const { received, port } = await openMailServer();
    const mailer = openMailer(port);
    mailer.close();
    await expect(mailer.send(sampleMail('verify-email'))).rejects.toThrow('aborted');
    expect(received).toEqual([]);
  });
});

describe('SmtpMailer.close', () => {
  it('breaks off what a silent server keeps waiting, with the next one in the queue', async () => {
    const { port } = await openMailServer({ onData: (stream) => void stream.resume() });
    const mailer = openMailer(port);
    const sent = Promise.allSettled(kinds.map((kind) => mailer.send(sampleMail(kind, { id: kind }))));
    mailer.close();
    expect((await sent).map(({ status }) => status)).toEqual(kinds.map(() => 'rejected'));
  });

  it('closes the connections, and may be called again', async () => {
    const onClose = vi.fn<() => void>();
    const { port } = await openMailServer({ onClose });
    const mailer = openMailer(port);
    await mailer.send(sampleMail('verify-email'));
    expect(onClose).not.toHaveBeenCalled();
    mailer.close();
    await vi.waitUntil(() => onClose.mock.calls.length > 0);
    expect(() => mailer.close()).not.toThrow();
  });
});

it('writes nothing to any log, whether a mail is taken or refused', async () => {
  const outputs = [
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method)),
    vi.spyOn(process.stdout, 'write'),
    vi.spyOn(process.stderr, 'write'),
  ];
  onTestFinished(() => void vi.restoreAllMocks());
  const { port } = await openMailServer({
    onRcptTo: ({ address }, _session, done) => done(address === 'ada@example.com' ? null : refusal(550, 'No')),
  });
  const mailer = openMailer(port);
  await mailer.send(sampleMail('reset-password'));
  await expect(mailer.send(sampleMail('reset-password', { to: 'eve@example.com' as never }))).rejects.toThrow('550');
  for (const output of outputs) expect(output).not.toHaveBeenCalled();
});
