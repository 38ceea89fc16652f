import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { makeDirectory } from './data-directory.ts';

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
 * @throws ConfigError when the file exists and is too short, or the directory is not writable
 */
export async function keptSecretKey(directory: string): Promise<SecretKey> {
  const file = join(directory, 'secret.key');
  const kept = await readIfThere(file);
  if (kept !== undefined) return { value: kept };

  await makeDirectory(directory, 'DATA_DIR');
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${generateSecretKey()}\n`, { mode: 0o600, flush: true });
  try {
    // The file appears complete or not at all, and never replaces another one.
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return { value: await readSecretKey(file), generatedIn: file };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readSecretKey(file);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readSecretKey(file: string): Promise<string> {
  const value = (await readFile(file, 'utf8')).trim();
  // Keys that are derived from a short secret could be guessed.
  if (Buffer.byteLength(value) < 32) throw new ConfigError(`The secret key in ${file} must be at least 32 bytes long`);
  return value;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
