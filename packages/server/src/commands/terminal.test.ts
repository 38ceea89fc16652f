import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { textOf } from './terminal.ts';

const streamOf = (...chunks: readonly Uint8Array[]) => Readable.from(chunks, { objectMode: false });

describe('textOf', () => {
  it('reads text whose characters are split between chunks, without a byte order mark', async () => {
    const bytes = Buffer.from('\uFEFFpässwörd\n');
    expect(await textOf(streamOf(bytes.subarray(0, 5), bytes.subarray(5)))).toBe('pässwörd\n');
  });

  it.each([
    ['Latin-1', Buffer.from('pässwörd', 'latin1')],
    ['a part of a character', Buffer.from('ä').subarray(0, 1)],
  ])('refuses %s with a sentence', async (_, bytes) => {
    const refusal = { name: 'UsageError', message: 'Standard input is not in UTF-8' };
    await expect(textOf(streamOf(bytes))).rejects.toMatchObject(refusal);
  });
});
