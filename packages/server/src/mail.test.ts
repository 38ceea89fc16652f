import { describe, expect, it } from 'vitest';
import { sampleMail } from '../../adapters-smtp/test/sample-mail.ts';
import { createLog } from './log.ts';
import { tellingFailures } from './mail.ts';

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
