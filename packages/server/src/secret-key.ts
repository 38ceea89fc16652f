import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { makeDirectory } from './data-directory.ts';
import { fromUtf8 } from './utf8.ts';

/** A deployment's secret, and its file if it was generated just now. */
export interface SecretKey {
  readonly value: string;
  readonly generatedIn?: string;
}

/** Generates a secret that lives as long as this process. */
export function generateSecretKey(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The secret in this directory. If there is none, it is generated and only its owner may read it.
 *
 * @throws ConfigError when the file exists and is too short or not text, or the directory is not writable
 */
export async function keptSecretKey(directory: string): Promise<SecretKey> {
  const file = join(directory, 'secret.key');
  const kept = await readIfThere(file);
  if (kept !== undefined) return { value: kept };

  await makeDirectory(directory, 'DATA_DIR');
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, `${generateSecretKey()}\n`, { mode: 0o600, flush: true });
    // The file appears complete or not at all, and never replaces another one.
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw new ConfigError(`${file} cannot be written: ${(error as Error).message}`);
  } finally {
    await rm(draft, { force: true });
  }
  return { value: await readSecretKey(file), generatedIn: file };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readSecretKey(file);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function readSecretKey(file: string): Promise<string> {
  // It may have been copied with another mode. A link, or what another user owns, stays as it is.
  if (!(await lstat(file)).isSymbolicLink()) await chmod(file, 0o600).catch(() => {});
  const value = fromUtf8(await readFile(file))?.trim();
  // In random bytes, everything that is not UTF-8 would become the same character.
  if (value === undefined) {
    throw new ConfigError(`The secret key in ${file} must be text in UTF-8: openssl rand -base64 32 makes one`);
  }
  // Keys that are derived from a short secret could be guessed.
  if (Buffer.byteLength(value) < 32) throw new ConfigError(`The secret key in ${file} must be at least 32 bytes long`);
  return value;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
