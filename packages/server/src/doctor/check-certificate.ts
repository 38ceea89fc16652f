import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Finding, findingsOf } from './finding.ts';

const { ok, warning, error } = findingsOf('certificate');

/** Days before its end at which a certificate should have been renewed. */
const early = 14;

/** Whether a certificate in PEM is valid now and for a while, and for the host that clients call. */
export function checkCertificate(pem: string, publicUrl: string, now: Date): readonly Finding[] {
  const certificate = new X509Certificate(pem);
  const { hostname } = new URL(publicUrl);
  const days = (Date.parse(certificate.validTo) - now.getTime()) / 86_400_000;
  if (days <= 0) return [error(`The certificate has expired: ${certificate.validTo}`, 'renew it')];
  if (Date.parse(certificate.validFrom) > now.getTime()) {
    return [error(`The certificate is not valid before ${certificate.validFrom}`, 'check the clock')];
  }
  const address = hostname.replaceAll(/[[\]]/g, '');
  const isIts = isIP(address) > 0 ? certificate.checkIP(address) : certificate.checkHost(hostname);
  if (isIts === undefined) {
    return [error(`The certificate is not for ${hostname}, the host of PUBLIC_URL`, 'order one for it')];
  }
  if (days < early) return [warning(`The certificate expires in ${Math.ceil(days)} days`, 'renew it')];
  return [ok(`valid until ${certificate.validTo}`)];
}
