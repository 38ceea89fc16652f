import * as v from 'valibot';

/** RFC 5321, section 4.5.3.1: the local part. */
const maxLocalPart = 64;

/** RFC 5321, section 4.5.3.1.3, without the angle brackets: the whole address. */
const maxAddress = 254;

const notAnAddress = 'Must be an e-mail address';

/**
 * Whether this is a dot-atom, an @, and a host name of at least two labels of which the last is not a number, decimal or
 * hexadecimal: it would be an IPv4 address to others (URL Standard, "ends in a number checker").
 */
function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const host = text.slice(at + 1);
  const labels = host.split('.');
  return (
    text.includes('@') &&
    local.length <= maxLocalPart &&
    local.split('.').every((atom) => /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/.test(atom)) &&
    labels.length > 1 &&
    labels.every((label) => label.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)) &&
    !/\.(?:[0-9]+|0x[0-9a-f]*)$/.test(host)
  );
}

/**
 * An e-mail address, trimmed and in lower case, so that an account has one spelling. Domains in other scripts are
 * accepted in punycode. Text outside ASCII is refused before it is folded, since folding turns some other letters into
 * ASCII letters (the Kelvin sign becomes a k).
 */
export const Email = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(maxAddress),
  v.check((text) => /^[\x21-\x7e]*$/.test(text), notAnAddress),
  v.toLowerCase(),
  v.check(isAddress, notAnAddress),
  v.brand('Email'),
  v.metadata({ format: 'email', examples: ['ada@example.com'] }),
);
export type Email = v.InferOutput<typeof Email>;
