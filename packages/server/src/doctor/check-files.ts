import { type Finding, findingsOf, orFine } from './finding.ts';

const { ok, warning, error } = findingsOf('files');

const mebibyte = 2 ** 20;

/** What is known of a file or a directory. */
export interface FileFacts {
  readonly path: string;
  readonly mode: number;
  readonly isOwn: boolean;
}

/** What is known of the files of a deployment. What does not exist yet is absent. */
export interface FilesToCheck {
  readonly directory?: FileFacts | undefined;
  /** Files with secrets. */
  readonly secrets: readonly FileFacts[];
  readonly freeBytes?: number | undefined;
}

/** Whether there is room, and whether other users of the machine can read or replace files. */
export function checkFiles({ directory, secrets, freeBytes = Infinity }: FilesToCheck): readonly Finding[] {
  const isOpen = ({ mode }: FileFacts) => (mode & 0o077) !== 0;
  const free = `${Math.round(freeBytes / mebibyte)} MiB`;
  return orFine(
    [
      directory &&
        (directory.mode & 0o022) !== 0 &&
        error(`Other users may replace files in ${directory.path}`, `run chmod 700 ${directory.path}`),
      directory &&
        !directory.isOwn &&
        warning(`${directory.path} belongs to another user`, 'run the server and its command line as the same user'),
      ...secrets.filter(isOpen).map(({ path }) => error(`Other users may read ${path}`, `run chmod 600 ${path}`)),
      freeBytes < 100 * mebibyte && error(`${free} are free in DATA_DIR`, 'make room: writes are about to fail'),
      freeBytes >= 100 * mebibyte &&
        freeBytes < 1024 * mebibyte &&
        warning(`${free} are free in DATA_DIR`, 'make room'),
    ],
    ok(directory ? `only their owner may access ${directory.path}` : 'DATA_DIR does not exist yet'),
  );
}
