import { writeFile } from 'node:fs/promises';
import selfsigned from 'selfsigned';

/** A certificate and its private key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate with this name. */
export async function selfSigned(commonName: string): Promise<TestCertificate> {
  const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
  });
  return { cert: `${cert}\n`, key };
}

/** Writes a certificate to the files that the server reads. */
export async function writeCertificate(
  { cert, key }: TestCertificate,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Promise<void> {
  await writeFile(certFile, cert);
  await writeFile(keyFile, key);
}
