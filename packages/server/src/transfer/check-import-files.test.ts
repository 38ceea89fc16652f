import { link, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImportFiles } from './check-import-files.ts';

let folder: string;
let records: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-files-'));
  records = join(folder, 'records.ndjson');
  await writeFile(records, '{}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const refused = { name: 'UsageError', message: '--refused names the file of the records, which it would replace' };

describe('checkImportFiles', () => {
  it('refuses one file for the records and the refused lines, by any of its names', async () => {
    await symlink(records, join(folder, 'link'));
    await link(records, join(folder, 'other-name'));
    for (const name of ['records.ndjson', './records.ndjson', 'link', 'other-name']) {
      await expect(checkImportFiles(records, `${folder}/${name}`)).rejects.toMatchObject(refused);
    }
    await expect(checkImportFiles(join(folder, 'link'), records)).rejects.toMatchObject(refused);
  });

  it('refuses the file that standard input is', async () => {
    const file = await open(records);
    await expect(checkImportFiles('-', records, file.fd)).rejects.toMatchObject(refused);
    await expect(checkImportFiles(`/dev/fd/${file.fd}`, records)).rejects.toMatchObject(refused);
    await file.close();
  });

  it('accepts two files, one that is not there yet, and a device twice', async () => {
    await writeFile(join(folder, 'refused.ndjson'), '{}\n');
    for (const name of ['refused.ndjson', 'new.ndjson', undefined]) {
      await expect(checkImportFiles(records, name && join(folder, name))).resolves.toBeUndefined();
    }
    await expect(checkImportFiles('/dev/null', '/dev/null')).resolves.toBeUndefined();
  });

  it('refuses records that are missing, or a directory', async () => {
    const directory = { name: 'UsageError', message: `${folder} is a directory` };
    await expect(checkImportFiles(folder, undefined)).rejects.toMatchObject(directory);
    await expect(checkImportFiles(join(folder, 'none'), undefined)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
