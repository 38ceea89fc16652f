import { timingSafeEqual } from 'node:crypto';

/** Bytes in base64: the standard alphabet, that of URLs, or that of passlib, which writes `.` for `+`. */
export function fromBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/._-]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}

/** Bytes in hexadecimal. */
export function fromHex(text: string): Buffer | undefined {
  return /^(?:[0-9A-Fa-f]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** Base64 as in a PHC string: without padding. */
export const toPhcBase64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

/** The alphabet of crypt(3), in the order of its values. */
export const cryptAlphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes in the encoding of crypt(3): three bytes are four characters, the lowest six bits first. */
export function toCrypt64(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3);
    const bits = group.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
    for (let index = 0; index <= group.length; index += 1) text += cryptAlphabet[Math.floor(bits / 64 ** index) % 64];
  }
  return text;
}

/** Whether two keys are equal, in a time that depends on their lengths alone. */
export const areEqual = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other);

/** A key of fewer bytes is matched by too many passwords. */
export const shortestKey = 16;
const longestKey = 1024;

/** A key, if its length is that of a password hash. */
export const keyOf = (bytes: Buffer | undefined) =>
  bytes && bytes.length >= shortestKey && bytes.length <= longestKey ? bytes : undefined;
