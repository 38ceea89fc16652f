import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The mails that a server without a mail server has written to its folder. Each file is read once. */
export class OutboxFolder {
  #folder;
  #read = new Map();

  /** @param {string} folder the working folder of the server */
  constructor(folder) {
    this.#folder = join(folder, 'data/outbox');
  }

  /** All mails so far, the oldest first: their recipient, their kind, and their token. */
  mails() {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    for (const name of names)
      if (name.endsWith('.eml') && !this.#read.has(name)) this.#read.set(name, this.#open(name));
    return [...this.#read.values()];
  }

  /** The mails of a kind to an address. */
  mailsTo(address, kind) {
    return this.mails().filter((mail) => mail.to === address && mail.kind === kind);
  }

  #open(name) {
    const text = readFileSync(join(this.#folder, name), 'utf8');
    return {
      to: /^To: .*?([\w.@-]+)>?\r?$/m.exec(text)?.[1],
      kind: /^[^-]+-\d+-(.+)\.eml$/.exec(name)?.[1],
      token: /^X-Link: .*token=([\w-]+)/m.exec(text)?.[1],
    };
  }
}
