import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { ConfigError } from '../config.ts';

/** Opens a new file that only its owner may read, in the place of one that was there, or what cannot be replaced. */
export async function openPrivate(path: string): Promise<Writable> {
  if (await isStream(path)) return openStream(path);
  const draft = await openDraft(path);
  await publishAfter(draft, async () => {});
  return draft.stream;
}

/**
 * Has `write` write a new file that only its owner may read. It appears under its name once it is complete, in the place
 * of one that was there. What cannot be replaced is written to as it is.
 */
export async function writePrivate(path: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  if (await isStream(path)) return write(await openStream(path));
  await publishAfter(await openDraft(path), write);
}

/** Directories whose files are descriptors of processes, such as /dev/stdout. */
const ofDescriptors = /^\/dev(\/fd)?$|^\/proc\//;

/**
 * Whether this is a pipe, a device or a descriptor of this process, which a file must not replace.
 *
 * @throws ConfigError when it is a directory
 */
async function isStream(path: string): Promise<boolean> {
  const status = await statusOf(path);
  if (!status) return false;
  if (status.isDirectory()) throw new ConfigError(`${path} is a directory`);
  return !status.isFile() || ofDescriptors.test(await realpath(dirname(path)));
}

async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** A descriptor of a file may stand behind what others have written to it. */
async function openStream(path: string): Promise<Writable> {
  return (await open(path, constants.O_WRONLY | constants.O_APPEND)).createWriteStream();
}

/** A file without its final name, which it gets, or is removed. */
interface Draft {
  readonly stream: Writable;
  readonly name: string;
  readonly path: string;
}

/** A name that can be guessed could be that of a link, or of a file whose owner may read what is written. */
async function openDraft(path: string): Promise<Draft> {
  const name = `${path}.${randomUUID()}.partial`;
  const file = await naming(path, open(name, 'wx', 0o600));
  return { stream: file.createWriteStream(), name, path };
}

async function publishAfter({ stream, name, path }: Draft, write: (stream: Writable) => Promise<void>): Promise<void> {
  try {
    await write(stream);
    await naming(path, rename(name, path));
  } catch (error) {
    stream.destroy();
    await rm(name, { force: true });
    throw error;
  }
}

/** Has an error of the system name the path that the operator knows. */
async function naming<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}
