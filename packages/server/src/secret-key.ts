import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { makeDirectory } from './data-directory.ts';

/** A deployment's secret, and where it was put if it was made just now. */
export interface SecretKey {
  readonly value: string;
  readonly generatedIn?: string;
}

/** A secret that lives as long as this process. */
export function generateSecretKey(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The secret kept in this directory; made, for the owner's eyes only, where there is none.
 *
 * @throws ConfigError when the file is there and holds too little, or the directory cannot be written to
 */
export async function keptSecretKey(directory: string): Promise<SecretKey> {
  const file = join(directory, 'secret.key');
  const kept = await readIfThere(file);
  if (kept !== undefined) return { value: kept };

  await makeDirectory(directory, 'DATA_DIR');
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${generateSecretKey()}\n`, { mode: 0o600, flush: true });
  try {
    // Appears whole or not at all, and never in the place of another.
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
  // Of next to nothing, keys would be made that anybody can guess.
  if (Buffer.byteLength(value) < 32) throw new ConfigError(`The secret key in ${file} must be at least 32 bytes long`);
  return value;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
