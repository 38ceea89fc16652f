import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMessage } from '../test/parse-message.ts';
import {
  everyLetter,
  hostileNames,
  kinds,
  kindsWithLink,
  options,
  pages,
  sampleMail,
  token,
} from '../test/sample-mail.ts';
import { FileMailer } from './file-mailer.ts';
import { toLetter } from './letters.ts';

let root: string;
let outbox: string;
let mailer: FileMailer;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'file-mailer-'));
  outbox = join(root, 'data', 'outbox');
  mailer = new FileMailer(outbox, options);
});

afterEach(() => rm(root, { recursive: true }));

const read = (file: string) => readFile(join(outbox, file), 'utf8');
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('FileMailer', () => {
  it('writes one file per mail, named for its id and kind, and leaves no other', async () => {
    await Promise.all(kinds.map((kind, index) => mailer.send(sampleMail(kind, { id: `m-${index}` }))));
    const expected = kinds.map((kind, index) => `m-${index}-${kind}.eml`);
    expect(await readdir(outbox)).toEqual(expected);
  });

  it('lets only their owner read them', async () => {
    await mailer.send(sampleMail('reset-password'));
    expect(await modeOf(outbox)).toBe('700');
    expect(await modeOf(join(outbox, 'mjw9k3-7-reset-password.eml'))).toBe('600');
  });

  it('lets only their owner read them in a directory that is open to others, whatever was in the way', async () => {
    await mkdir(outbox, { recursive: true });
    await chmod(outbox, 0o777);
    const [file, elsewhere] = [join(outbox, 'mjw9k3-7-reset-password.eml'), join(root, 'elsewhere')];
    await writeFile(file, '', { mode: 0o666 });
    await symlink(elsewhere, `${file}.part`);
    await mailer.send(sampleMail('reset-password'));
    expect([await modeOf(outbox), await modeOf(file)]).toEqual(['777', '600']);
    await writeFile(`${file}.part`, '');
    await chmod(`${file}.part`, 0o666);
    await mailer.send(sampleMail('reset-password'));
    expect([await modeOf(file), await readdir(root)]).toEqual(['600', ['data']]);
  });

  it('puts a later attempt at a mail in the place of the earlier one', async () => {
    await mailer.send(sampleMail('reset-password'));
    await mailer.send(sampleMail('reset-password', { token: 'another' }));
    expect(await readdir(outbox)).toEqual(['mjw9k3-7-reset-password.eml']);
    expect(parseMessage(await read('mjw9k3-7-reset-password.eml')).text).toContain('token=another');
  });

  it.each(everyLetter)(
    'writes a letter in %s of kind %s as a message that mail programs read',
    async (locale, kind) => {
      const mail = sampleMail(kind, { locale });
      await mailer.send(mail);
      const { header, subject, text, html } = parseMessage(await read(`mjw9k3-7-${kind}.eml`));
      expect({ subject, text, html }).toEqual(toLetter(mail, options.publicUrl));
      expect(header('From')).toEqual(['Sallyport <no-reply@example.com>']);
      expect(header('To')).toEqual(['Ada Lovelace <ada@example.com>']);
      expect(header('Message-ID')).toEqual(['<mjw9k3-7@accounts.example.com>']);
      expect(header('Auto-Submitted')).toEqual(['auto-generated']);
      expect(header('Date')).toHaveLength(1);
    },
  );

  it.each(kindsWithLink)('has the whole link of a %s on one line, for grep', async (kind) => {
    const publicUrl = `https://accounts.example.com/${'long/'.repeat(30)}path`;
    await new FileMailer(outbox, { ...options, publicUrl }).send(sampleMail(kind));
    const lines = (await read(`mjw9k3-7-${kind}.eml`)).split('\r\n');
    expect(lines).toContain(`X-Link: ${publicUrl}/${pages[kind]}?token=${token}`);
  });

  it('has no such line where there is no link', async () => {
    await mailer.send(sampleMail('session-stolen', { token }));
    expect(await read('mjw9k3-7-session-stolen.eml')).not.toMatch(/X-Link|TTTT/);
  });

  it.each(hostileNames)('adds neither recipient nor header for a name such as %j', async (name) => {
    await mailer.send(sampleMail('verify-email', { name }));
    const { header } = parseMessage(await read('mjw9k3-7-verify-email.eml'));
    expect(header('To')).toEqual([expect.stringMatching(/^(?:.+ <ada@example\.com>|ada@example\.com)$/)]);
    expect([...header('Cc'), ...header('Bcc')]).toEqual([]);
  });

  it('rejects where it cannot write, for the mail to be tried again', async () => {
    await writeFile(join(root, 'data'), 'in the way');
    await expect(mailer.send(sampleMail('verify-email'))).rejects.toThrow('ENOTDIR');
  });
});
