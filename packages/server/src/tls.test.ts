import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '@sallyport/hardened-server';
import pino from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { selfSigned, writeCertificate } from '../../../test/certificates.ts';
import type { TlsConfig } from './config.ts';
import { type CertificateWatch, readCertificate, watchCertificate } from './tls.ts';

let [first, second]: Certificate[] = [];
beforeAll(async () => {
  [first, second] = await Promise.all(['first', 'second'].map(selfSigned));
});

let directory: string;
let files: TlsConfig;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-tls-'));
  files = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
  await writeCertificate(first!, files);
});
afterEach(() => rm(directory, { recursive: true }));

describe('a certificate', () => {
  it('is read with its key, and with the certificates that it rests on', async () => {
    expect(await readCertificate(files)).toEqual(first);
    await writeFile(files.certFile, first!.cert + second!.cert);
    expect((await readCertificate(files)).cert).toContain(second!.cert);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['is missing', () => rm(files.certFile), 'TLS_CERT names a file that cannot be read: ENOENT'],
    ['has no key', () => rm(files.keyFile), 'TLS_KEY names a file that cannot be read: ENOENT'],
    ['is none', () => writeFile(files.certFile, 'hunter2'), 'TLS_CERT must name a file with a certificate in PEM'],
    ['is a key', () => writeFile(files.certFile, first!.key), 'TLS_CERT must name a file with a certificate in PEM'],
    [
      'has a key that is none',
      () => writeFile(files.keyFile, 'hunter2'),
      'TLS_KEY must name a file with a private key in PEM, without a passphrase',
    ],
    [
      'belongs to another key',
      () => writeFile(files.keyFile, second!.key),
      'TLS_KEY does not fit the certificate of TLS_CERT',
    ],
    [
      'rests on something broken',
      () =>
        writeFile(files.certFile, `${first!.cert}-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n`),
      'TLS_CERT and TLS_KEY cannot be used: ',
    ],
  ])('that %s is refused in a sentence', async (_, spoil, sentence) => {
    await spoil();
    const refused = await readCertificate(files).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ConfigError', message: expect.stringMatching(/^[^\n]+$/) });
    expect((refused as Error).message.startsWith(sentence)).toBe(true);
    expect((refused as Error).message).not.toContain('hunter2');
  });
});

describe('the files of a certificate', () => {
  let used: Certificate[];
  let lines: string[];
  let watch: CertificateWatch;
  beforeEach(() => {
    used = [];
    lines = [];
    const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line).msg) });
    watch = watchCertificate(files, first!, (next) => void used.push(next), log, 5);
  });
  afterEach(() => watch.stop());

  const changed = () => vi.waitUntil(() => used.length > 0);
  const inUse = 'The certificate has changed, and the new one is in use';
  const expectLine = (line: string) => vi.waitFor(() => expect(lines).toContain(line));

  it('may be replaced', async () => {
    await writeCertificate(second!, files);
    await changed();
    expect(used).toEqual([second]);
    expect(lines.at(-1)).toBe(inUse);
  });

  it('may be replaced by others of their names', async () => {
    const next = { certFile: `${files.certFile}.new`, keyFile: `${files.keyFile}.new` };
    await writeCertificate(second!, next);
    await rename(next.keyFile, files.keyFile);
    await rename(next.certFile, files.certFile);
    await changed();
    expect(used).toEqual([second]);
  });

  it('may stand behind a link that is turned', async () => {
    const versions = await Promise.all(
      [first!, second!].map(async (certificate, index) => {
        const version = join(directory, `version-${index}`);
        await mkdir(version);
        await writeCertificate(certificate, { certFile: join(version, 'cert.pem'), keyFile: join(version, 'key.pem') });
        return version;
      }),
    );
    const link = join(directory, 'current');
    await symlink(versions[0]!, link);
    const linked = { certFile: join(link, 'cert.pem'), keyFile: join(link, 'key.pem') };
    await watch.stop();
    watch = watchCertificate(linked, first!, (next) => void used.push(next), pino({ level: 'silent' }), 5);
    await symlink(versions[1]!, `${link}.new`);
    await rename(`${link}.new`, link);
    await changed();
    expect(used).toEqual([second]);
  });

  it('may be broken for a while: that is told of once, and the certificate stays', async () => {
    const mismatch = 'The certificate stays as it was: TLS_KEY does not fit the certificate of TLS_CERT';
    await writeFile(files.keyFile, second!.key);
    await expectLine(mismatch);
    await rm(files.certFile);
    await expectLine('The certificate stays as it was: TLS_CERT names a file that cannot be read: ENOENT');
    expect(used).toEqual([]);
    expect(lines).toHaveLength(2);
    await writeFile(files.certFile, second!.cert);
    await changed();
    expect(used).toEqual([second]);
    expect(lines.filter((line) => line === inUse)).toHaveLength(1);
  });

  it('are left alone once the server stops', async () => {
    await watch.stop();
    await writeCertificate(second!, files);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([used, lines]).toEqual([[], []]);
  });
});
