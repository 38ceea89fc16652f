import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailerContract } from '@sallyport/core/contracts';
import { describe, it, onTestFinished } from 'vitest';
import { openMailServer } from '../test/mail-server.ts';
import { parseMessage } from '../test/parse-message.ts';
import { options } from '../test/sample-mail.ts';
import { FileMailer } from './file-mailer.ts';
import { SmtpMailer } from './smtp-mailer.ts';

/** A message as it arrived; what it says in text, HTML or a header is what its recipient can read. */
function read(raw: string) {
  const { header, subject, text, html } = parseMessage(raw);
  const readable = [subject, header('X-Link').join(), text, html].join('\n');
  return { id: header('Message-ID').join(), text: readable, header };
}

/** The addresses in these headers, each at the end of its line. */
function addresses(headers: readonly string[]): readonly string[] {
  return headers.map((value) => value.match(/<([^<>]+)>$/)?.[1] ?? value);
}

async function openFileMailer() {
  const root = await mkdtemp(join(tmpdir(), 'file-mailer-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const [outbox, aside] = [join(root, 'outbox'), join(root, 'aside')];
  return {
    mailer: new FileMailer(outbox, options),
    async delivered() {
      const files = await readdir(outbox).catch(() => []);
      const messages = await Promise.all(files.map((file) => readFile(join(outbox, file), 'utf8')));
      return messages.map((message) => {
        const { header, ...mail } = read(message);
        return { ...mail, recipients: addresses([...header('To'), ...header('Cc'), ...header('Bcc')]) };
      });
    },
    refuseRecipients: undefined,
    /** A file is in the way of the directory. */
    async refuse() {
      await rename(outbox, aside).catch(() => {});
      await writeFile(outbox, 'in the way');
    },
    async accept() {
      await rm(outbox);
      await rename(aside, outbox).catch(() => {});
    },
  };
}

async function openSmtpMailer() {
  let refusal: Error | undefined;
  const { received, port } = await openMailServer({
    onRcptTo: (_address, _session, done) => done(refusal),
  });
  const mailer = new SmtpMailer(`smtp://127.0.0.1:${port}`, options);
  onTestFinished(() => mailer.close());
  return {
    mailer,
    delivered: async () =>
      received.map(({ recipients, raw }) => {
        const { id, text } = read(raw);
        return { id, text, recipients };
      }),
    refuse: async () => void (refusal = Object.assign(new Error('Try again later'), { responseCode: 450 })),
    refuseRecipients: async () => void (refusal = Object.assign(new Error('No such user'), { responseCode: 550 })),
    accept: async () => void (refusal = undefined),
  };
}

describe.each([
  ['FileMailer', mailerContract(openFileMailer)],
  ['SmtpMailer', mailerContract(openSmtpMailer)],
])('%s', (_, contract) => {
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());
});
