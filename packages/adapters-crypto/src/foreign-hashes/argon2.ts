import { hash as hashWith, type ParsedHashOptions, parseOptions, verify } from '@node-rs/argon2';
import { shortestKey, toPhcBase64 } from './encodings.ts';
import { type Cost, type ForeignHashFormat, type ForeignHashOptions, formatOf } from './format.ts';
import { readKeycloak } from './keycloak.ts';

/** Django's default is 200, that of passlib and argon2-cffi 192, that of PHP 256. */
const cost: Cost = { unit: 'MiB (memory × passes)', growth: 'linear', usual: 512, min: 1, max: 2048 };

const kibibytesPerMebibyte = 1024;
const probe = { memoryCost: 16 * kibibytesPerMebibyte, timeCost: 1, parallelism: 1 };

/**
 * argon2i, argon2d and argon2id, versions 1.0 and 1.3, as PHC strings with any order of parameters; Django's `argon2$…`;
 * Keycloak's credentials in JSON.
 *
 * @param options `max` is the memory in MiB times the passes over it: from 1 to 2048, 512 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function argon2(options: ForeignHashOptions = {}): ForeignHashFormat {
  return formatOf('argon2', cost, options, parse, { cost: workOf(probe), run: () => hashWith('probe', probe) });
}

/** The work of a hash: MiB of memory times passes over it. */
export const workOf = ({ memoryCost, timeCost }: { readonly memoryCost: number; readonly timeCost: number }) =>
  (memoryCost * timeCost) / kibibytesPerMebibyte;

/** The parameters in a PHC string of argon2, if it is well-formed. */
export function argon2Parameters(hash: string): ParsedHashOptions | undefined {
  try {
    return parseOptions(hash);
  } catch {
    return undefined;
  }
}

function parse(hash: string) {
  const standard = fromKeycloak(hash) ?? hash.replace(/^argon2\$(?=argon2)/, '$');
  const parameters = argon2Parameters(standard);
  if (!parameters || parameters.outputLen < shortestKey) return undefined;
  return { cost: workOf(parameters), check: (password: string) => verify(standard, password) };
}

function fromKeycloak(hash: string): string | undefined {
  const credential = readKeycloak(hash);
  if (credential?.algorithm !== 'argon2') return undefined;
  const { iterations, salt, key, parameter } = credential;
  const version = parameter('version') === '1.0' ? 16 : 19;
  const costs = `m=${parameter('memory')},t=${iterations},p=${parameter('parallelism')}`;
  return `$argon2${parameter('type')}$v=${version}$${costs}$${toPhcBase64(salt)}$${toPhcBase64(key)}`;
}
