import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../test/certificates.ts';
import { checkCertificate } from './check-certificate.ts';

const day = 86_400_000;

describe('The doctor checks a certificate and', () => {
  it('finds one that has expired, expires soon, is not valid yet or is for another host', async () => {
    const { cert } = await selfSigned('localhost');
    const check = (days: number, host = 'localhost') =>
      checkCertificate(cert, `https://${host}`, new Date(Date.now() + days * day)).map(({ level }) => level);
    const { validTo } = new (await import('node:crypto')).X509Certificate(cert);
    const whole = Math.floor((Date.parse(validTo) - Date.now()) / day);
    expect(check(1)).toEqual(['ok']);
    expect(check(whole - 5)).toEqual(['warning']);
    expect(check(whole + 2)).toEqual(['error']);
    expect(check(-2)).toEqual(['error']);
    for (const host of ['a.example.com', '10.0.0.1', '[fe80::1]']) expect(check(1, host)).toEqual(['error']);
  });
});
