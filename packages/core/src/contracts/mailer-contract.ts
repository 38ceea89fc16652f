import type { Email } from '../model/email.ts';
import { type MailKind, mailKinds } from '../model/mail.ts';
import { isRecipientRefused, type Mail, type Mailer } from '../ports/mailer.ts';
import { tokenPurposes } from '../ports/one-time-tokens.ts';
import { type ContractCase, casesOf, type Open, type PortPromise, race } from './contract.ts';
import { expectSame, expectThat, rejection } from './expect.ts';
import { later } from './samples.ts';

/** A mail as it was delivered. */
export interface DeliveredMail {
  /** The id by which the recipient's mail program recognises a mail, for example the `Message-ID`. */
  readonly id: string;
  /** All addresses that received it, whether or not its headers name them. */
  readonly recipients: readonly string[];
  /** All that the recipient can read, decoded, including the subject. */
  readonly text: string;
}

/** A mailer, and the place that it delivers to. */
export interface ObservedMailer {
  readonly mailer: Mailer;
  /** Everything that arrived, in any order. A mail that was sent several times arrived at least once. */
  readonly delivered: () => Promise<readonly DeliveredMail[]>;
  /** Makes the place refuse every mail for now, until `accept` is called. */
  readonly refuse: () => Promise<void>;
  /**
   * Makes the place refuse every recipient permanently, until `accept` is called; `undefined` if the place knows no
   * recipients.
   */
  readonly refuseRecipients: (() => Promise<void>) | undefined;
  readonly accept: () => Promise<void>;
  /** For a mailer with templates of its own: what it says in a mail of this kind, locale and data. */
  readonly ownWords?: (mail: Mail) => readonly string[];
}

/**
 * What a `Mailer` promises, for every kind of mail, with and without a name, in any locale and about any data.
 *
 * @param open gives each case a mailer of its own, which has delivered nothing
 */
export function mailerContract(open: Open<ObservedMailer>): readonly ContractCase[] {
  return casesOf(open, promises);
}

/** Every kind of mail of the core, and one of a module. */
const kinds: readonly MailKind[] = [...mailKinds, 'comments.added'];

/** A kind that carries a link has the same name as the purpose of its token. */
const kindsWithLink: ReadonlySet<MailKind> = new Set(tokenPurposes);

/** A mail whose id, address and token are used by no other mail. */
function newMail(kind: MailKind, fields: Partial<Mail> = {}): Mail {
  const link = kindsWithLink.has(kind) ? { token: `token-of-${kind}`, expiresAt: later } : {};
  const { locale = 'en' } = fields;
  const of = `of ${kind} in ${locale} about ${JSON.stringify(fields.data ?? {})}`;
  const withLink = kindsWithLink.has(kind) && {
    action: { label: `Öffnen ${of}`, page: 'page' },
    validity: `Until ${of}`,
  };
  const paragraphs = [`Grüße & <b>more</b> ${of}`, `Second ${of}`];
  const words = { locale, subject: `Subject ${of}`, greeting: `Hello ${of}`, paragraphs, otherwise: `Else ${of}` };
  const to = `${kind}@example.com` as Email;
  return { id: `mail-${kind}`, kind, to, name: 'Ada', locale, words: { ...words, ...withLink }, ...link, ...fields };
}

const newMails = () => kinds.map((kind) => newMail(kind));

/** Every text that a mail consists of. */
function textsOf({ words }: Mail): readonly string[] {
  const { subject, greeting, paragraphs, action, validity, otherwise } = words;
  return [subject, greeting, ...paragraphs, action?.label, validity, otherwise].filter((text) => text !== undefined);
}

/** Where these mails arrived, and with which of their tokens. */
async function arrivals({ delivered }: ObservedMailer, mails: readonly Mail[]) {
  const tokens = mails.flatMap(({ token }) => token ?? []);
  const arrived = (await delivered()).map(({ recipients, text }) => ({
    recipients,
    tokens: tokens.filter((token) => text.includes(token)),
  }));
  return arrived.toSorted((a, b) => (String(a.recipients) < String(b.recipients) ? -1 : 1));
}

/** Where these mails should arrive. */
function arrivalsOf(mails: readonly Mail[]) {
  const expected = mails.map(({ to, token }) => ({ recipients: [to], tokens: token === undefined ? [] : [token] }));
  return expected.toSorted((a, b) => (String(a.recipients) < String(b.recipients) ? -1 : 1));
}

const promises: readonly PortPromise<ObservedMailer>[] = [
  {
    part: 'faithful',
    name: 'a mail of any kind is delivered by the time that send resolves, with its token, to its address alone',
    async holds(observed) {
      const mails: Mail[] = [];
      for (const mail of newMails()) {
        await observed.mailer.send(mail);
        mails.push(mail);
        expectSame(await arrivals(observed, mails), arrivalsOf(mails), `the deliveries, ${mail.kind} being the last`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a mail is delivered to its address alone, even if the name of the recipient looks like another address',
    async holds(observed) {
      const names = [
        undefined,
        'Eve, <eve@evil.example>',
        'eve@evil.example,',
        'Ada\r\nBcc: eve@evil.example',
        '"',
        'g: e@b.c;',
      ];
      const mails = names.map((name, index) =>
        newMail('verify-email', { name, id: `mail-${index}`, to: `ada${index}@example.com` as Email }),
      );
      for (const mail of mails) await observed.mailer.send(mail);
      const recipients = (await arrivals(observed, [])).map((arrival) => arrival.recipients);
      expectSame(
        recipients,
        mails.map(({ to }) => [to]),
        'the recipients',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind is delivered in the words that it brings, for its locale and its data',
    async holds({ mailer, delivered, ownWords = textsOf }) {
      const variants = [{}, { locale: 'de' }, { data: { title: 'Ä & <b>', count: 2, isNew: true } }];
      const mails = kinds.flatMap((kind) =>
        variants.map((fields, variant) => newMail(kind, { ...fields, id: `${kind}-${variant}` })),
      );
      for (const mail of mails) {
        const before = (await delivered()).map(({ text }) => text);
        await mailer.send(mail);
        const texts = (await delivered()).map(({ text }) => text).filter((text) => !before.includes(text));
        const missing = ownWords(mail).filter((words) => !texts.some((text) => text.includes(words)));
        const { kind, locale, data = {} } = mail;
        expectSame(missing, [], `the words that are missing in a ${kind} in ${locale} about ${JSON.stringify(data)}`);
      }
    },
  },
  {
    part: 'unique',
    name: 'every attempt at a mail of any kind has the same id, and no other mail has it',
    async holds({ mailer, delivered }) {
      const ids = async () => new Set((await delivered()).map(({ id }) => id));
      for (const [index, kind] of kinds.entries()) {
        await mailer.send(newMail(kind));
        const before = await ids();
        expectSame(before.size, 2 * index + 1, `the number of different ids, after a ${kind}`);
        await mailer.send(newMail(kind));
        expectSame(
          [...(await ids())].toSorted(),
          [...before].toSorted(),
          `the ids, after a second attempt at a ${kind}`,
        );
        await mailer.send(newMail(kind, { id: `other-${kind}` }));
        expectSame((await ids()).size, 2 * index + 2, `the number of different ids, after another ${kind}`);
      }
    },
  },
  {
    part: 'once',
    name: 'mails that are sent at once are each delivered once',
    async holds(observed) {
      const mails = await raceMails(observed);
      expectSame(
        await arrivals(observed, []),
        arrivalsOf(mails.map(({ token: _, ...mail }) => mail)),
        'the deliveries',
      );
    },
  },
  {
    part: 'isolated',
    name: 'mails that are sent at once do not mix: each token arrives at its own address alone',
    async holds(observed) {
      const mails = await raceMails(observed);
      expectSame(await arrivals(observed, mails), arrivalsOf(mails), 'the deliveries and their tokens');
    },
  },
  {
    part: 'rolled back',
    name: 'a mail of any kind that is refused makes send reject, and is not delivered until it is sent again',
    async holds(observed) {
      for (const [index, mail] of newMails().entries()) {
        const expected = arrivalsOf(newMails().slice(0, index));
        await observed.refuse();
        const error = await rejection(observed.mailer.send(mail));
        expectThat(error instanceof Error, error, 'an Error', `send of a ${mail.kind} that is refused`);
        await observed.accept();
        expectSame(await arrivals(observed, newMails()), expected, `the deliveries, after a refused ${mail.kind}`);
        await observed.mailer.send(mail);
      }
      expectSame(await arrivals(observed, newMails()), arrivalsOf(newMails()), 'the deliveries, after all were sent');
    },
  },
  {
    part: 'rolled back',
    name: 'a mail whose recipient is refused permanently is told from one that is refused for now',
    async holds({ mailer, delivered, refuse, refuseRecipients, accept }) {
      const [mail] = newMails() as [Mail];
      await refuse();
      const temporary = await rejection(mailer.send(mail));
      expectThat(
        !isRecipientRefused(temporary),
        temporary,
        'any other error',
        'send, of a mail that is refused for now',
      );
      await accept();
      if (refuseRecipients) {
        await refuseRecipients();
        const permanent = await rejection(mailer.send(mail));
        expectThat(isRecipientRefused(permanent), permanent, 'a RecipientRefusedError', 'send, to a refused recipient');
        await accept();
      }
      await mailer.send(mail);
      expectSame((await delivered()).length, 1, 'the number of deliveries, after the recipient was accepted');
    },
  },
];

/** Sends twenty mails of all kinds at once. Letters of equal length ensure that no token contains another one. */
async function raceMails({ mailer }: ObservedMailer): Promise<readonly Mail[]> {
  const letter = (racer: number) => String.fromCharCode('a'.charCodeAt(0) + racer);
  const mails = Array.from({ length: 20 }, (_, racer) => {
    const mail = newMail(kinds[racer % kinds.length] ?? 'verify-email');
    const token = mail.token && `${letter(racer)}-${mail.token}`;
    return { ...mail, token, id: `mail-${letter(racer)}`, to: `${letter(racer)}@example.com` as Email };
  });
  for (const outcome of await race((racer) => mailer.send(mails[racer] as Mail), mails.length)) {
    expectSame(outcome.status, 'fulfilled', 'send, of a mail among twenty');
  }
  return mails;
}
