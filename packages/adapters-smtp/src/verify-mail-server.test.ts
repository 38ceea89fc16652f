import { describe, expect, it } from 'vitest';
import { openMailServer } from '../test/mail-server.ts';
import { verifyMailServer } from './verify-mail-server.ts';

describe('verifyMailServer', () => {
  it('greets a mail server and sends nothing', async () => {
    const { received, port } = await openMailServer();
    expect(await verifyMailServer(`smtp://127.0.0.1:${port}`)).toEqual({ isEncrypted: false });
    expect(received).toEqual([]);
  });

  it('rejects if no mail server answers', async () => {
    await expect(verifyMailServer('smtp://127.0.0.1:1')).rejects.toMatchObject({ code: 'ESOCKET' });
  });
});
