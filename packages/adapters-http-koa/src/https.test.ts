import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../test/certificates.ts';
import { lastly, type Listening, listening, live, type Open, open, opened } from '../test/listening.ts';
import type { Certificate } from './http-server.ts';

let [first, second]: Certificate[] = [];
beforeAll(async () => {
  [first, second] = await Promise.all(['first', 'second'].map(selfSigned));
});

let target: Listening;
beforeEach(async () => {
  target = await listening({ certificate: first, timeouts: { headers: 300, checkInterval: 50 } });
});
afterEach(() => target.server.stop());

const openTls = async (text = ''): Promise<Open & { readonly socket: TLSSocket }> => {
  const socket = connectTls({ port: target.port, host: '127.0.0.1', rejectUnauthorized: false });
  return { ...(await opened(socket, text, 'secureConnect')), socket };
};
const nameOf = async (): Promise<unknown> => {
  const { socket, closed } = await openTls(lastly);
  const { CN } = socket.getPeerCertificate().subject;
  expect(await closed).toContain('HTTP/1.1 200 OK');
  return CN;
};

describe('HTTPS', () => {
  it('shows another certificate as soon as it has it, while connections that are there go on', async () => {
    const { socket, closed } = await openTls(live);
    await once(socket, 'data');
    expect(await nameOf()).toBe('first');
    target.server.useCertificate(second!);
    expect(await nameOf()).toBe('second');
    socket.write(lastly);
    expect((await closed).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it.each<[string, RegExp, () => Certificate]>([
    ['that is none', /PEM/, () => ({ cert: 'none', key: 'none' })],
    ['to which the key does not belong', /mismatch/, () => ({ cert: second!.cert, key: first!.key })],
  ])('keeps the certificate that it has where another comes %s', async (_, message, next) => {
    expect(() => target.server.useCertificate(next())).toThrow(message);
    expect(await nameOf()).toBe('first');
  });

  it('is no matter of changing, where the server speaks none', async () => {
    const plain = await listening();
    expect(() => plain.server.useCertificate(second!)).toThrow('This server speaks no TLS');
    await plain.server.stop();
  });

  it.each([
    ['garbage\r\n\r\n', '400'],
    ['GET /posts HTTP/1.1\r\nHost', '408'],
    ['', '408'],
  ])('answers what cannot be read: %j', async (text, status) => {
    const received = await (await openTls(text)).closed;
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`));
  });

  it.each(['', live, '\x16\x03\x01\x02\x00\x01', 'x'.repeat(10_000)])(
    'cuts those with whom hands cannot be shaken: %.5j',
    async (text) => {
      expect(await (await open(target, text)).closed).not.toContain('HTTP');
      expect(await nameOf()).toBe('first');
      expect(target.entries.map(({ status }) => status)).toEqual([200]);
      expect(target.errors).toEqual([]);
    },
  );

  it('does not wait, when it stops, for those who have not asked or not even shaken hands', async () => {
    const patient = await listening({ certificate: first });
    const raw = await open(patient);
    const socket = connectTls({ port: patient.port, host: '127.0.0.1', rejectUnauthorized: false });
    const silent = await opened(socket, '', 'secureConnect');
    await patient.server.stop();
    expect([await raw.closed, await silent.closed]).toEqual(['', '']);
  });

  it('makes room for those who ask', async () => {
    const small = await listening({ certificate: first, maxConnections: 3 });
    const openSmall = async () => {
      const socket = connectTls({ port: small.port, host: '127.0.0.1', rejectUnauthorized: false });
      return opened(socket, '', 'secureConnect');
    };
    const [raw, silent] = [await open(small), await openSmall()];
    const asking = await openSmall();
    const answered = once(asking.socket, 'data');
    asking.socket.write(live);
    await answered;
    const others = [await openSmall(), await openSmall()];
    expect([await raw.closed, await silent.closed]).toEqual(['', '']);
    asking.socket.write(lastly);
    expect((await asking.closed).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    for (const { socket } of others) socket.destroy();
    await small.server.stop();
  });
});
