import { setTimeout } from 'node:timers/promises';
import { Mailbox } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { failedCases } from '../../test/canaries.ts';
import { isRecipientRefused, type Mail, type Mailer, RecipientRefusedError } from '../index.ts';
import { mailKinds } from '../model/mail.ts';
import { type DeliveredMail, mailerContract } from './index.ts';

/** A mail as its recipient reads it, in the words that it brings or in others. */
function shown(
  { id, to, name, token, words }: Mail,
  said: readonly unknown[] = Object.values(spoken(words)),
): DeliveredMail {
  return { id, recipients: [to], text: [name, token, ...said].flat().join('\n') };
}

/** The parts of a letter that its recipient reads. */
const spoken = ({ action, ...words }: Mail['words']) => ({ ...words, action: action?.label });

/** The cases that a mailbox fails with another way to send, or to show what it took. */
function failedBy(
  sendTo: (mailbox: Mailbox) => Mailer['send'],
  show: (mail: Mail, index: number) => DeliveredMail = (mail) => shown(mail),
  ownWords?: (mail: Mail) => readonly string[],
): Promise<string[]> {
  const contract = mailerContract(() => {
    const mailbox = new Mailbox();
    return {
      mailer: { send: sendTo(mailbox) },
      delivered: async () => mailbox.mails.map(show),
      refuse: async () => mailbox.refuse(),
      refuseRecipients: async () => mailbox.refuse(new RecipientRefusedError('550 5.1.1 No such user')),
      accept: async () => mailbox.accept(),
      ...(ownWords && { ownWords }),
    };
  });
  return failedCases(contract);
}

const faithful = (mailbox: Mailbox) => (mail: Mail) => mailbox.send(mail);

const delivers =
  'faithful: a mail of any kind is delivered by the time that send resolves, with its token, to its address alone';
const worded = 'faithful: a mail of any kind is delivered in the words that it brings, for its locale and its data';
const alone =
  'faithful: a mail is delivered to its address alone, even if the name of the recipient looks like another address';
const sameId = 'unique: every attempt at a mail of any kind has the same id, and no other mail has it';
const unmixed = 'isolated: mails that are sent at once do not mix: each token arrives at its own address alone';
const refused =
  'rolled back: a mail of any kind that is refused makes send reject, and is not delivered until it is sent again';

const told = 'rolled back: a mail whose recipient is refused permanently is told from one that is refused for now';

/** Every kind of mail of the core, and one of a module. */
const kinds = [...mailKinds, 'comments.added'] as const;

describe('The contract of mailers', () => {
  it('passes a mailbox', async () => {
    expect(await failedBy(faithful)).toEqual([]);
  });

  it.each(kinds)('fails a mailer that drops %s', async (kind) => {
    const dropping = failedBy((mailbox) => async (mail) => (mail.kind === kind ? undefined : mailbox.send(mail)));
    expect(await dropping).toEqual(expect.arrayContaining([delivers, worded, sameId, refused]));
  });

  it.each(kinds)('fails a mailer that always says the same in %s, whatever its locale or data', async (kind) => {
    const repeating = failedBy((mailbox) => async (mail) => {
      const first = mailbox.mails.find((earlier) => earlier.kind === kind) ?? mail;
      await mailbox.send(mail.kind === kind ? { ...mail, words: first.words } : mail);
    });
    expect(await repeating).toEqual([worded]);
  });

  it.each(['subject', 'greeting', 'paragraphs', 'action', 'validity', 'otherwise'])(
    'fails a mailer that leaves out the %s of a letter',
    async (part) => {
      const forgetful = failedBy(faithful, (mail) =>
        shown(mail, Object.values({ ...spoken(mail.words), [part]: undefined })),
      );
      expect(await forgetful).toEqual([worded]);
    },
  );

  const template = ({ kind, locale, data }: Mail) => `${kind}, ${locale}: ${JSON.stringify(data)}`;
  const templated = (mail: Mail) => shown(mail, [template(mail)]);
  const ownWords = (mail: Mail) => [template(mail)];

  it('passes a mailer that writes its own words for the kind, locale and data', async () => {
    expect(await failedBy(faithful, templated, ownWords)).toEqual([]);
  });

  it.each(kinds.flatMap((kind) => (['locale', 'data'] as const).map((field) => [kind, field] as const)))(
    'fails a mailer whose own words for %s ignore the %s',
    async (kind, field) => {
      const show = (mail: Mail) => templated(mail.kind === kind ? { ...mail, [field]: 'en' } : mail);
      expect(await failedBy(faithful, show, ownWords)).toEqual([worded]);
    },
  );

  it('fails a mailer that sends the name of a mail without one', async () => {
    const naming = failedBy(faithful, (mail) => ({
      ...shown(mail),
      recipients: [mail.to, ...(mail.name === undefined ? ['undefined'] : [])],
    }));
    expect(await naming).toEqual([alone]);
  });

  it.each(kinds)('fails a mailer that ignores a refusal of %s', async (kind) => {
    const careless = failedBy((mailbox) => async (mail) => {
      await mailbox.send(mail).catch((error: unknown) => {
        if (mail.kind !== kind) throw error;
      });
    });
    // The first kind stands for all of them where the reason of a refusal matters.
    expect(await careless).toEqual(kind === kinds[0] ? [refused, told] : [refused]);
  });

  it('fails a mailer that resolves before it has delivered', async () => {
    const early = failedBy((mailbox) => async (mail) => {
      void setTimeout(10).then(() => mailbox.send(mail).catch(() => {}));
    });
    expect(await early).toContain(delivers);
  });

  it('fails a mailer that copies every mail to another address', async () => {
    const copying = failedBy(faithful, (mail) => ({ ...shown(mail), recipients: [mail.to, 'archive@example.com'] }));
    expect(await copying).toEqual(expect.arrayContaining([delivers, alone]));
  });

  it('fails a mailer that reads addresses in the name of a person', async () => {
    const parsing = failedBy(faithful, (mail) => ({
      ...shown(mail),
      recipients: [...(mail.name?.match(/[^\s<>,;:]+@[^\s<>,;:]+/g) ?? []), mail.to],
    }));
    expect(await parsing).toEqual([alone]);
  });

  it('fails a mailer that gives every attempt its own id', async () => {
    const renumbering = failedBy(faithful, (mail, index) => ({ ...shown(mail), id: `${mail.id}-${index}` }));
    expect(await renumbering).toEqual([sameId]);
  });

  it('fails a mailer that gives all mails of a kind one id', async () => {
    expect(await failedBy(faithful, (mail) => ({ ...shown(mail), id: mail.kind }))).toEqual([sameId]);
  });

  it('fails a mailer that delivers twice', async () => {
    const twice = failedBy((mailbox) => async (mail) => {
      await mailbox.send(mail);
      await mailbox.send(mail);
    });
    expect(await twice).toContain('once: mails that are sent at once are each delivered once');
  });

  it('fails a mailer that mixes the mails that it sends at once', async () => {
    const mixing = failedBy((mailbox) => {
      let current: Mail;
      return async (mail) => {
        current = mail;
        await setTimeout(1);
        await mailbox.send({ ...mail, token: current.token });
      };
    });
    expect(await mixing).toEqual([unmixed]);
  });

  it('fails a mailer that delivers what it rejects', async () => {
    const late = failedBy(
      (mailbox) => (mail) =>
        mailbox.send(mail).catch(async (error: unknown) => {
          mailbox.accept();
          await mailbox.send(mail);
          throw error;
        }),
    );
    expect(await late).toEqual([refused, told]);
  });

  it.each<[string, (error: unknown) => Error]>([
    ['blames the recipient for every refusal', () => new RecipientRefusedError('450 Try again later')],
    [
      'never says that the recipient is refused',
      (error) => (isRecipientRefused(error) ? new Error('No') : (error as Error)),
    ],
  ])('fails a mailer that %s', async (_, other) => {
    const mistaken = failedBy((mailbox) => async (mail) => {
      await mailbox.send(mail).catch((error: unknown) => Promise.reject(other(error)));
    });
    expect(await mistaken).toEqual([told]);
  });
});
