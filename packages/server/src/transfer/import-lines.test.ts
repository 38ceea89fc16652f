import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import { ImportRun } from '@sallyport/core';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { memoryParts, modules } from '../modules.ts';
import { profile } from '../profile.ts';
import { exportLines } from './export-lines.ts';
import { importLines, type ImportOptions, type Tally } from './import-lines.ts';
import { kindsOf } from './kinds.ts';
import { maxLine } from './lines.ts';
import { reasonsInWords } from './report.ts';

function setup() {
  const kit = testApplication({ ports: memoryPorts(memoryParts), modules, profile });
  const kinds = kindsOf(kit.application, kit.system);
  /** Imports a text, and returns what became of it. */
  async function importText(text: string | Uint8Array, options: Partial<ImportOptions> = {}) {
    const refused: string[] = [];
    const tally: Tally = { lines: 0, refused: 0, imported: {}, present: {} };
    const chunks = (async function* () {
      yield Buffer.from(text);
    })();
    await importLines(chunks, {
      kinds,
      run: new ImportRun(),
      defaults: {},
      tally,
      pause: async () => {},
      onRefused: (line, reasons) => void refused.push(reasonsInWords(line, reasons)),
      ...options,
    });
    return { ...tally, refused };
  }
  /** The lines of an export. */
  async function exportText(withPasswordHashes = false) {
    const parts: string[] = [];
    const stream = new Writable({
      write: (chunk, _, done) => {
        parts.push(String(chunk));
        done();
      },
    });
    await exportLines({ kinds, withPasswordHashes }, stream, true);
    return parts.join('');
  }
  return { ...kit, kinds, importText, exportText };
}

const lines = (...records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const ada = {
  type: 'user',
  id: 7,
  external_id: 'legacy-7',
  name: 'Ada',
  email: 'ada@example.com',
  email_verified: true,
  role: 'admin',
  is_active: false,
  created_at: '2019-05-01T10:00:00.123Z',
  age: 36,
  city: 'London',
  password_hash: 'plain:1:secret123',
};
const bob = { name: 'Bob', email: 'bob@example.com' };
const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const note = { type: 'post', id: 3, ...text, published: true, author_id: 7, created_at: '2020-01-01T00:00:00.000Z' };

describe('An import of lines', () => {
  it('reads the names of the wire, of accounts and of what belongs to them', async () => {
    const { importText, exportText } = setup();
    const result = await importText(lines(ada, note));
    expect(result).toEqual({ lines: 2, imported: { user: 1, post: 1 }, present: {}, refused: [] });
    const { id, title, content, published, author_id, created_at } = note;
    expect(await exportText(true)).toBe(
      lines(ada, { type: 'post', id, title, content, published, author_id, created_at }),
    );
  });

  it('takes a line without a type for an account, and passes over blank lines and the ends that any system writes', async () => {
    const { importText } = setup();
    const result = await importText(`\uFEFF${JSON.stringify(bob)}\r\n\r\n  \n${JSON.stringify(ada)}`);
    expect(result).toEqual({ lines: 4, imported: { user: 2 }, present: {}, refused: [] });
  });

  it('refuses each line that cannot be read, and imports the others', async () => {
    const { importText } = setup();
    const unreadable = [
      Buffer.from([0xff, 0xfe, 0x7b]),
      Buffer.from('{"name": "Bob"'),
      Buffer.from('[1]'),
      Buffer.from('null'),
      Buffer.from('"hunter2"'),
      Buffer.from('{"type": "hunter2"}'),
      Buffer.from('{"type": 7}'),
      Buffer.from('{"__proto__": {}}'),
      Buffer.from('['.repeat(100_000)),
      Buffer.from(`{"pass\\nword": "hunter2", "email": "x"}`),
      Buffer.alloc(maxLine + 1, 0x20),
    ];
    const all = unreadable.flatMap((line) => [line, Buffer.from('\n')]);
    const { imported, refused } = await importText(Buffer.concat([...all, Buffer.from(lines(bob))]));
    expect(imported).toEqual({ user: 1 });
    expect(refused).toEqual(
      [
        'Is not UTF-8',
        'Is not valid JSON',
        'Is not a JSON object',
        'Is not a JSON object',
        'Is not a JSON object',
        'type: Must be one of "user", "post"',
        'type: Must be one of "user", "post"',
        'Is not valid JSON',
        'Is not valid JSON',
        'pass\\nword: Is not a field of this type',
        `Is longer than ${maxLine} bytes`,
      ].map((reason, index) => `line ${index + 1}: ${reason}`),
    );
  });

  it('says by the names of the wire what is refused, and repeats no value', async () => {
    const { importText } = setup();
    const { refused } = await importText(
      lines(
        { ...ada, name: 'hunter2'.repeat(10), age: 'hunter2', created_at: 'hunter2' },
        { ...ada, password_hash: 'hunter2' },
      ),
    );
    expect(refused).toEqual([
      'line 1: name: Must be at most 50 characters; created_at: Must be a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z; age: Must be a number',
      expect.stringMatching(/^line 2: password_hash: Is in no format that is verified here/),
    ]);
  });

  it('gives accounts that lack a field its default, and no other record', async () => {
    const { importText, exportText } = setup();
    await importText(lines({ ...ada, age: null }, { ...bob, age: 7 }, note), { defaults: { age: 0, city: 'Bath' } });
    const exported = (await exportText())
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(exported).toMatchObject([{ age: 0, city: 'London' }, { age: 7, city: 'Bath' }, { id: 3 }]);
  });

  it('imports the accounts of earlier lines before what refers to them, in however many batches', async () => {
    const { importText } = setup();
    const members = Array.from({ length: 1_201 }, (_, n) => [
      { external_id: `legacy ${n}`, name: 'Member', email: `member${n}@example.com` },
      { type: 'post', author_external_id: `legacy ${n}`, ...text, created_at: '2020-01-01' },
    ]);
    const result = await importText(lines(...members.flat()));
    expect(result).toEqual({ lines: 2_402, imported: { user: 1_201, post: 1_201 }, present: {}, refused: [] });
    const again = await importText(lines(...members.flat()));
    expect(again).toEqual({ lines: 2_402, imported: {}, present: { user: 1_201, post: 1_201 }, refused: [] });
  });

  it('imports accounts first although a batch of what refers to them is full before', async () => {
    const { importText } = setup();
    const notes = Array.from({ length: 600 }, (_, n) => ({ ...note, id: n + 1 }));
    const result = await importText(lines(ada, ...notes));
    expect(result).toEqual({ lines: 601, imported: { user: 1, post: 600 }, present: {}, refused: [] });
  });

  it('refuses the second line of an account in another batch', async () => {
    const { importText } = setup();
    const others = Array.from({ length: 600 }, (_, n) => ({ name: 'Member', email: `member${n}@example.com` }));
    const { refused } = await importText(lines(bob, ...others, { ...bob, email: 'BOB@example.com' }));
    expect(refused).toEqual(['line 602: email: Is the same as in an earlier record']);
  });

  it('rehearses the posts of accounts that it would import, and changes nothing', async () => {
    const { importText, exportText } = setup();
    const run = new ImportRun({ dryRun: true });
    const { imported, refused } = await importText(lines(ada, note, { ...note, id: 4, author_id: 8 }), { run });
    expect([imported, refused]).toEqual([{ user: 1, post: 1 }, ['line 3: author_id: No account has it']]);
    expect(await exportText()).toBe('');
  });

  it('repeats a batch while the database is away, and gives up in the end', async () => {
    const { importText, faults } = setup();
    faults.fail('commit', undefined, 3);
    let pauses = 0;
    const pause = async () => void (pauses += 1);
    expect(await importText(lines(bob), { pause })).toMatchObject({ imported: { user: 1 }, refused: [] });
    expect(pauses).toBe(3);
    faults.fail('commit', undefined, Infinity);
    await expect(importText(lines(ada), { pause })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('An export of lines', () => {
  it('has hashes only on request, and is read page by page', async () => {
    const { importText, exportText } = setup();
    const others = Array.from({ length: 1_100 }, (_, n) => ({ name: 'Member', email: `member${n}@example.com` }));
    await importText(lines(ada, ...others));
    const exported = await exportText();
    expect(exported.split('\n')).toHaveLength(1_102);
    expect(exported).not.toContain('password_hash');
    expect(await exportText(true)).toContain('"password_hash":"plain:1:secret123"');
  });

  it('ends with the stream that it writes to', async () => {
    const { importText, kinds } = setup();
    await importText(lines(ada));
    const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Writable({ write: (_, __, done) => done(closed) });
    const exporting = exportLines({ kinds, withPasswordHashes: false }, stream, false);
    await expect(exporting).rejects.toBe(closed);
  });
});
