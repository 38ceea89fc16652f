import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen, openMailServer } from '../test/mail-server.ts';
import { parseMessage } from '../test/parse-message.ts';
import { options, sampleMail } from '../test/sample-mail.ts';
import { SmtpMailer } from './smtp-mailer.ts';

/** A mailer that is closed at the end of the test. */
function openMailer(port: number, timeout: number): SmtpMailer {
  const mailer = new SmtpMailer(`smtp://127.0.0.1:${port}`, options, timeout);
  onTestFinished(() => mailer.close());
  return mailer;
}

describe('SmtpMailer', () => {
  it('rejects after its timeout, whatever is garbage-collected meanwhile, and has sent the mail once', async () => {
    let messages = 0;
    const { port } = await openMailServer({
      onData(stream) {
        messages += 1;
        stream.resume();
      },
    });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const collecting = setInterval(collect, 50);
    onTestFinished(() => clearInterval(collecting));
    await expect(openMailer(port, 3_000).send(sampleMail('verify-email'))).rejects.toThrow('aborted');
    expect(messages).toBe(1);
  });

  it('rejects after its timeout even if nodemailer does not', async () => {
    const nodemailer = Object.getPrototypeOf(createTransport({})) as { sendMail(): Promise<unknown> };
    vi.spyOn(nodemailer, 'sendMail').mockReturnValue(new Promise(() => {}));
    onTestFinished(() => void vi.restoreAllMocks());
    await expect(openMailer(1, 100).send(sampleMail('verify-email'))).rejects.toThrow('aborted');
  });

  it('never delivers later what it rejected, whether on a connection or in the queue', async () => {
    let isAwake = false;
    const waiting: (() => void)[] = [];
    const { received, port } = await openMailServer({
      onConnect: (_session, done) => (isAwake ? done() : void waiting.push(() => done())),
    });
    const mailer = openMailer(port, 300);
    const mails = Array.from({ length: 14 }, (_, id) => sampleMail('verify-email', { id: `${id}` }));
    const sent = await Promise.allSettled(mails.map((mail) => mailer.send(mail)));
    expect(sent.map(({ status }) => status)).toEqual(mails.map(() => 'rejected'));
    isAwake = true;
    for (const greet of waiting) greet();
    await openMailer(port, 30_000).send(sampleMail('verify-email', { id: 'next' }));
    expect(received.flatMap(({ raw }) => parseMessage(raw).header('Message-ID'))).toEqual([
      '<next@accounts.example.com>',
    ]);
  });

  it('gives up a connection on which the server falls silent after it refused a mail', async () => {
    const closed = vi.fn<() => void>();
    const mute = createServer((socket) => {
      const answers: Record<string, string> = { EHLO: '250 mute', MAIL: '250 Yes', RCPT: '550 No' };
      socket.on('error', () => {}).on('close', closed);
      socket.on('data', (data) => {
        const answer = answers[data.toString('latin1', 0, 4)];
        if (answer) socket.write(`${answer}\r\n`);
      });
      socket.write('220 mute\r\n');
    });
    const mailer = openMailer(await listen(mute), 1_000);
    await expect(mailer.send(sampleMail('verify-email'))).rejects.toThrow('550 No');
    await vi.waitUntil(() => closed.mock.calls.length > 0, { timeout: 30_000 });
  });
});
