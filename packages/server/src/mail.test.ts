import { describe, expect, it } from 'vitest';
import { sampleMail } from '../../adapters-smtp/test/sample-mail.ts';
import { freePort } from '../../../test/free-port.mjs';
import { RecipientRefusedError } from '@sallyport/core';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { openMail, tellingFailures } from './mail.ts';

describe('a mailer that tells of its failures', () => {
  const mail = sampleMail('reset-password');

  it('has the log say which mail failed and how, without its address, its token or what the server said', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const refusal = Object.assign(new Error(`550 ${mail.to} ${mail.token}`), { code: 'EENVELOPE', responseCode: 550 });
    const mailer = tellingFailures({ send: () => Promise.reject(refusal) }, log);
    await expect(mailer.send(mail)).rejects.toBe(refusal);
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 40, mail: mail.id, kind: mail.kind, code: 'EENVELOPE', responseCode: 550 }),
    ]);
    expect(lines.join()).not.toContain(mail.to);
    expect(lines.join()).not.toContain(mail.token);
  });

  it('names the mail server and what kept it from being reached, without its credentials', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const port = await freePort();
    const urls = [`smtp://me:hunter2@127.0.0.1:${port}`, 'smtp://me:hunter2@mail.invalid'];
    for (const smtpUrl of urls) {
      const { mailer, server, close } = openMail({ ...readConfig({}), smtpUrl });
      await expect(tellingFailures(mailer, log, server).send(mail)).rejects.toThrow(/ECONNREFUSED|mail\.invalid/);
      close();
    }
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({
        host: '127.0.0.1',
        port,
        code: 'ESOCKET',
        originalCode: 'ECONNREFUSED',
        command: 'CONN',
        cause: `connect ECONNREFUSED 127.0.0.1:${port}`,
      }),
      expect.objectContaining({
        host: 'mail.invalid',
        port: 587,
        code: 'EDNS',
        cause: expect.stringContaining('mail.invalid'),
      }),
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('says of a refused recipient what the mail server answered, and quotes nothing of it', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const reply = `550 5.1.1 <${mail.to}>: unknown`;
    const cause = Object.assign(new Error(reply), { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' });
    const refusal = new RecipientRefusedError(reply, { cause });
    const mailer = tellingFailures({ send: () => Promise.reject(refusal) }, log);
    await expect(mailer.send(mail)).rejects.toBe(refusal);
    expect(JSON.parse(lines.join())).toMatchObject({ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' });
    expect(lines.join()).not.toMatch(/cause|unknown|@/);
  });

  it('keeps a cause to itself that quotes the mail', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    for (const quoted of [mail.to, mail.token]) {
      const mailer = tellingFailures({ send: () => Promise.reject(new Error(`Invalid recipient "${quoted}"`)) }, log);
      await expect(mailer.send(mail)).rejects.toThrow('Invalid recipient');
    }
    expect(lines.join()).not.toMatch(/cause|Invalid/);
  });

  it('says nothing of a mail that was sent', async () => {
    const lines: string[] = [];
    const mailer = tellingFailures(
      { send: async () => {} },
      createLog('info', { write: (line) => void lines.push(line) }),
    );
    await mailer.send(mail);
    expect(lines).toEqual([]);
  });
});
