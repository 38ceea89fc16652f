import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import type { Certificate } from '@sallyport/hardened-server';
import type { Logger } from 'pino';
import { ConfigError, type TlsConfig } from './config.ts';

/** Milliseconds between two checks of the files. */
const usualPause = 2_000;

/**
 * Reads a certificate and its key.
 *
 * @throws ConfigError a sentence that names the invalid variable
 */
export async function readCertificate({ certFile, keyFile }: TlsConfig): Promise<Certificate> {
  const certificate = { cert: await read('TLS_CERT', certFile), key: await read('TLS_KEY', keyFile) };
  if (!parseCertificate(certificate.cert).checkPrivateKey(parseKey(certificate.key))) {
    throw new ConfigError('TLS_KEY does not fit the certificate of TLS_CERT');
  }
  try {
    createSecureContext(certificate);
  } catch (error) {
    throw new ConfigError(`TLS_CERT and TLS_KEY cannot be used: ${(error as Error).message}`);
  }
  return certificate;
}

async function read(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${variable} names a file that cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConfigError('TLS_CERT must name a file with a certificate in PEM');
  }
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError('TLS_KEY must name a file with a private key in PEM, without a passphrase');
  }
}

/** A watch over the files of a certificate, until it is stopped. */
export interface CertificateWatch {
  stop(): Promise<void>;
}

/**
 * Passes on the certificate whenever its files change. An unusable certificate is only reported. The contents are
 * compared, because files are replaced by renaming or by changing a symbolic link, certificate and key one after the
 * other, and not every file system reports that.
 */
export function watchCertificate(
  files: TlsConfig,
  current: Certificate,
  use: (certificate: Certificate) => void,
  log: Logger,
  pause: number = usualPause,
): CertificateWatch {
  const stopping = new AbortController();
  const { signal } = stopping;
  let used = current;
  let lastComplaint = '';

  async function look(): Promise<void> {
    try {
      const next = await readCertificate(files);
      lastComplaint = '';
      if (next.cert === used.cert && next.key === used.key) return;
      use(next);
      used = next;
      log.info('The certificate has changed, and the new one is in use');
    } catch (error) {
      const { message } = error as Error;
      if (message !== lastComplaint) log.warn(`The certificate stays as it was: ${message}`);
      lastComplaint = message;
    }
  }

  async function watch(): Promise<void> {
    for (;;) {
      await delay(pause, undefined, { signal });
      await look();
    }
  }

  const watching = watch().catch(() => {});
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
