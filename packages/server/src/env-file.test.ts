import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { readEnvFile } from './env-file.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-env-'));
  file = join(directory, '.env');
});
afterEach(() => rm(directory, { recursive: true }));

const read = async (content: string | Buffer) => {
  await writeFile(file, content);
  return { ...readEnvFile(file) };
};

/** What the start would say, without the path of the file. */
const complaint = async (content?: string | Buffer): Promise<string> => {
  try {
    const variables = content === undefined ? readEnvFile(file) : await read(content);
    return `no complaint: ${JSON.stringify(variables)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.replace(`${file} `, '');
  }
};

describe('readEnvFile', () => {
  it.each<[written: string, value: string]>([
    ['hunter#2', 'hunter#2'],
    ['#hunter2', '#hunter2'],
    ['hunter2 # the dog', 'hunter2'],
    ['hunter2\t# the dog', 'hunter2'],
    [' # the dog', ''],
    ['', ''],
    ['   ', ''],
    ['  hunter2\t ', 'hunter2'],
    ['two words', 'two words'],
    ['a=b==', 'a=b=='],
    ['$HOME ${HOME} $(id) `id`', '$HOME ${HOME} $(id) `id`'],
    ["it's", "it's"],
    ['a"b"c', 'a"b"c'],
    ['C:\\new\\table\\', 'C:\\new\\table\\'],
    ['"hunter#2 # and more"', 'hunter#2 # and more'],
    ["'hunter#2 # and more' # the dog", 'hunter#2 # and more'],
    ['`hunter#2`\t', 'hunter#2'],
    ['""', ''],
    ["'  spaces  '", '  spaces  '],
    ['"$HOME \\$HOME ${HOME}"', '$HOME $HOME ${HOME}'],
    ['"a\\nb\\r\\tc \\"d\\" \\\\n \\e"', 'a\nb\r\tc "d" \\n \\e'],
    ["'a\\nb \\'", 'a\\nb \\'],
    [`'say "hi"'`, 'say "hi"'],
    ['"pässwörd 🔑\u00A0"', 'pässwörd 🔑\u00A0'],
    ['a\u2028b # c\u2028d', 'a\u2028b'],
    ['"\u200Bhunter2\u200B"', '\u200Bhunter2\u200B'],
    ['a\u200Db ❤️', 'a\u200Db ❤️'],
  ])('reads NAME=%j', async (written, value) => {
    expect(await read(`BEFORE=1\nNAME=${written}\nAFTER=2`)).toEqual({ BEFORE: '1', NAME: value, AFTER: '2' });
  });

  it.each(['\n', '\r\n', '\r'])('reads lines that end in %j', async (end) => {
    const lines = ['# comment', 'A=1', '', '  B = 2  ', '"not=this"'.replace(/.*/, 'C="3'), '4"', 'D=5 # x', ''];
    expect(await read(lines.join(end))).toEqual({ A: '1', B: '2', C: '3\n4', D: '5' });
  });

  it('reads what editors and shells add: a byte order mark, tabs, export, spaces around the sign', async () => {
    const lines = ['\uFEFFA=1', 'export B=2', '\texport\tC\t=\t3', 'D =4', ' # E=5', 'exported=6', 'a.b-c=7'];
    expect(await read(lines.join('\n'))).toEqual({ A: '1', B: '2', C: '3', D: '4', exported: '6', 'a.b-c': '7' });
  });

  it('reads values in quotes over several lines, such as a key in PEM', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\nBCIEIB==\n-----END PRIVATE KEY-----\n';
    for (const quote of ['"', "'", '`']) {
      expect(await read(`A=1\nKEY=${quote}${pem}${quote} # key\nB=2`)).toEqual({ A: '1', KEY: pem, B: '2' });
    }
  });

  it('takes the last line of a name', async () => {
    expect(await read('A=1\nB=2\nA=3\n')).toEqual({ A: '3', B: '2' });
  });

  it('treats names of an object’s own properties as any other', async () => {
    expect(Object.entries(await read('__proto__=1\nconstructor=2'))).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('reads a file as long as it may be within seconds, however it is quoted', async () => {
    const lines = (line: string) => line.repeat(Math.floor((2 ** 20 - 16) / line.length));
    expect(Object.keys(await read(lines('A="b"\n')))).toEqual(['A']);
    expect((await read(`A="${lines('\\"\n')}"`))['A']).toHaveLength(2 * Math.floor((2 ** 20 - 16) / 3));
    expect(await complaint(`A="${lines('b\n')}`)).toBe('line 1 opens a quote that is not closed');
    expect(await complaint(`A='${lines('b')}`)).toBe('line 1 opens a quote that is not closed');
  }, 10_000);

  it('refuses a file that is longer', async () => {
    expect(await complaint(`A="${'b'.repeat(2 ** 20 + 16)}`)).toBe('is longer than 1 MiB: it is no settings file');
  });

  it('finds no variables where there is no file', async () => {
    expect({ ...readEnvFile(file) }).toEqual({});
    expect(await read('')).toEqual({});
  });

  it.each<[what: string, content: string | Buffer, sentence: string]>([
    ['a line without a sign', 'A=1\nhunter2\n', 'line 2 is neither NAME=value nor a comment'],
    ['a line in YAML', 'PASSWORD: hunter2', 'line 1 is neither NAME=value nor a comment'],
    ['a name with a space', 'PASS WORD=hunter2', 'line 1 is neither NAME=value nor a comment'],
    ['a value over lines without quotes', 'A=-----BEGIN\nhunter2', 'line 2 is neither NAME=value nor a comment'],
    ['an open quote', 'A=1\r\n\r\nB="hunter2\r\nC=3', 'line 3 opens a quote that is not closed'],
    ['an escaped closing quote', 'A="C:\\hunter2\\"', 'line 1 opens a quote that is not closed'],
    [
      'an open quote that the next line closes',
      "A='hunter2\nB='3'",
      'line 1 has text after the closing quote: put all of the value into quotes of another kind',
    ],
    [
      'a name in quotes before an address',
      'MAIL_FROM="Sally" <hunter2@example.com>',
      'line 1 has text after the closing quote: put all of the value into quotes of another kind',
    ],
    [
      'a # right after a quote',
      'A=1\nB="hunter2"#3',
      'line 2 has text after the closing quote: put all of the value into quotes of another kind',
    ],
    ['typographic quotes', 'A=“hunter2”', `line 1 has typographic quotes: write A="…" or A='…'`],
    ['full-width quotes', 'A=＂hunter2＂', `line 1 has typographic quotes: write A="…" or A='…'`],
    ['a full-width apostrophe', 'A=＇hunter2＇', `line 1 has typographic quotes: write A="…" or A='…'`],
    ...['\u200B', '\u202A', '\u00AD', '\uFE0F'].map((character): [string, string, string] => [
      'a value that begins with an invisible character',
      `A=${character}hunter2`,
      'line 1 has an invisible character before or behind the value: remove it, or put the value into quotes',
    ]),
    [
      'a value that ends with an invisible character',
      'A=1\nB= hunter2\u200B # the dog',
      'line 2 has an invisible character before or behind the value: remove it, or put the value into quotes',
    ],
    [
      'an invisible character before a quote',
      'A=\u2060"hunter2"',
      'line 1 has an invisible character before or behind the value: remove it, or put the value into quotes',
    ],
    ['UTF-16, little-endian', Buffer.from('\uFEFFA=hunter2', 'utf16le'), 'is in UTF-16: save it as UTF-8'],
    ['UTF-16, big-endian', Buffer.from('\uFEFFA=1', 'utf16le').swap16(), 'is in UTF-16: save it as UTF-8'],
    [
      'UTF-16 without its mark',
      Buffer.from('A=hunter2', 'utf16le'),
      'line 1 contains a NUL byte: save it as text in UTF-8',
    ],
    ['a NUL byte', 'A=1\r\nB=hunter\u00002', 'line 2 contains a NUL byte: save it as text in UTF-8'],
    ['Latin-1', Buffer.from('A=ä\nB=1\nC=hünter2', 'latin1'), 'line 1 is not in UTF-8: save it as UTF-8'],
    [
      'Latin-1 in a later line',
      Buffer.concat([Buffer.from('A=ä\r\n'), Buffer.from('B=hünter2', 'latin1')]),
      'line 2 is not in UTF-8: save it as UTF-8',
    ],
  ])('rejects %s with a sentence that names the line and no value', async (_what, content, sentence) => {
    expect(await complaint(content)).toBe(sentence);
  });

  it('rejects what cannot be read with a sentence', async () => {
    await symlink(join(directory, 'nowhere'), file);
    expect(await complaint()).toMatch(/^cannot be read: ENOENT: /);
    await rm(file);
    await mkdir(file);
    expect(await complaint()).toBe('cannot be read: it is a directory');
  });
});
