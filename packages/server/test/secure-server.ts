import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned, writeCertificate } from '../../../test/certificates.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

/** Starts the whole server on memory in this process, which speaks HTTPS with a certificate that vouches for itself. */
export async function startSecureServer(options: TestServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-certificate-'));
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await writeCertificate(await selfSigned('localhost'), { certFile, keyFile });
  const environment = { ...options.environment, TLS_CERT: certFile, TLS_KEY: keyFile };
  const server = await startServer('memory', { ...options, environment });
  return {
    ...server,
    url: server.url.replace('http:', 'https:'),
    async close() {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
