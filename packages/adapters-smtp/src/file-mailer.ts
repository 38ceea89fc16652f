import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, Mailer } from '@sallyport/core';
import { linkIn } from './letters.ts';
import { type MessageOptions, toMessage } from './message.ts';

/** Writes mails into a directory, one `.eml` file each (RFC 5322), for a first try without a mail server. */
export class FileMailer implements Mailer {
  readonly #directory: string;
  readonly #options: MessageOptions;

  constructor(directory: string, options: MessageOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  async send(mail: Mail): Promise<void> {
    const { headers, ...message } = toMessage(mail, this.#options);
    // The body may break a link over two lines. Mail programs join it again, but a reader of the file would not.
    const link = linkIn(mail, this.#options.publicUrl);
    // Loaded with the first mail: a start need not wait for it.
    const { createTransport } = await import('nodemailer');
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const composed = await composer.sendMail({
      ...message,
      headers: { ...headers, ...(link && { 'X-Link': { prepared: true, value: link } }) },
    });
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = join(this.#directory, `${mail.id}-${mail.kind}.eml`);
    // A program that watches the directory sees only complete mails. They contain login links, so only the owner may
    // read them. A file that was there would keep its mode, and a link would lead elsewhere.
    await rm(`${file}.part`, { force: true });
    await writeFile(`${file}.part`, composed.message, { mode: 0o600, flag: 'wx' });
    await rename(`${file}.part`, file);
  }
}
