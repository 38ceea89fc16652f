import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { selfSigned, type TestCertificate, writeCertificate } from '../../../test/certificates.ts';
import { eachInADirectory } from './sallyport-process.ts';

const { path, serve, end } = eachInADirectory();
const environment = { DATABASE_URL: 'memory:', TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' };
const files = () => ({ certFile: path('cert.pem'), keyFile: path('key.pem') });

let [first, second]: TestCertificate[] = [];
beforeAll(async () => {
  [first, second] = await Promise.all(['first', 'second'].map(selfSigned));
});

/** Asks whether it lives, and says how the answer came. */
async function ask(url: string, agent: Agent | false = false) {
  const asked = request(`${url}/health/live`, { agent, rejectUnauthorized: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const socket = response.socket as TLSSocket;
  const { CN: name } = socket.getPeerCertificate().subject;
  const { headers, statusCode: status } = response;
  await text(response);
  return { status, name, hsts: headers['strict-transport-security'], socket };
}

describe('TLS_CERT and TLS_KEY', () => {
  it('serve HTTPS, and a new certificate to new connections once the files have changed', async () => {
    await writeCertificate(first!, files());
    const server = serve(environment);
    const url = await server.url;
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(server.told()).toContain('known as https://localhost:0\n');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await ask(url, agent);
    expect(before).toMatchObject({ status: 200, name: 'first', hsts: expect.stringMatching(/^max-age=[1-9]\d{6,}/) });

    await writeCertificate(second!, files());
    await vi.waitFor(async () => expect((await ask(url)).name).toBe('second'), 20_000);
    const after = await ask(url, agent);
    expect([after.status, after.socket === before.socket]).toEqual([200, true]);

    await writeFile(path('cert.pem'), 'broken');
    expect(await ask(url)).toMatchObject({ status: 200, name: 'second' });
    expect(await server.stop()).toMatchObject({ code: 0 });
    agent.destroy();
  });

  it.each<[Record<string, string>, string]>([
    [{ TLS_KEY: '' }, 'TLS_CERT and TLS_KEY must be given together\n'],
    [{ TLS_CERT: '' }, 'TLS_CERT and TLS_KEY must be given together\n'],
    [{ TLS_CERT: 'nowhere.pem' }, 'TLS_CERT names a file that cannot be read: ENOENT\n'],
    [{ TLS_KEY: '.' }, 'TLS_KEY names a file that cannot be read: EISDIR\n'],
    [{ TLS_KEY: 'other.pem' }, 'TLS_KEY does not fit the certificate of TLS_CERT\n'],
  ])('stop the start in a sentence when they cannot be used: %j', async (wrong, stderr) => {
    await writeCertificate(first!, files());
    await writeFile(path('other.pem'), second!.key);
    expect(await end(['serve'], { ...environment, ...wrong })).toMatchObject({ code: 1, stdout: '', stderr });
  });
});
