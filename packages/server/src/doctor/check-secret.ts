import type { Config } from '../config.ts';
import { type Finding, findingsOf } from './finding.ts';

const { ok, warning, error } = findingsOf('secret');

/** Different characters that a random secret of 32 bytes has at least, in any usual encoding. */
const fewest = 8;

/** Where the secret comes from, and whether it can have been random. The keys tell whether it is the right one. */
export function checkSecret(
  { secretKey, previousSecretKey, database }: Pick<Config, 'secretKey' | 'previousSecretKey' | 'database'>,
  generated: string | undefined,
): readonly Finding[] {
  const found: Finding[] = [];
  const secrets = { SECRET_KEY: secretKey, SECRET_KEY_PREVIOUS: previousSecretKey };
  for (const [name, value] of Object.entries(secrets)) {
    if (value !== undefined && new Set(value).size < fewest) {
      found.push(error(`${name} can be guessed: it repeats few characters`, 'use openssl rand -base64 32'));
    }
  }
  if (secretKey !== undefined && secretKey === previousSecretKey) {
    found.push(warning('SECRET_KEY and SECRET_KEY_PREVIOUS are the same', 'remove SECRET_KEY_PREVIOUS'));
  }
  if (secretKey !== undefined && generated !== undefined && secretKey !== generated) {
    found.push(
      warning('DATA_DIR has a generated secret too, which SECRET_KEY replaces', 'remove secret.key if unused'),
    );
  }
  if (found.length > 0) return found;
  if (secretKey !== undefined) return [ok('SECRET_KEY is given')];
  if (database.kind === 'memory') return [ok('generated at each start, because nothing is kept in memory')];
  return [ok(generated === undefined ? 'the first start generates one in DATA_DIR' : 'generated, in DATA_DIR')];
}
