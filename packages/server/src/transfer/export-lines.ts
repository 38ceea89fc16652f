import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Kind } from './kinds.ts';

/** How records are exported. */
export interface ExportOptions {
  readonly kinds: readonly Kind[];
  readonly withPasswordHashes: boolean;
}

/**
 * Writes every record as a line that an import reads, page by page, as fast as the stream takes them. It returns the
 * numbers of records by their kind.
 */
export async function exportLines(
  options: ExportOptions,
  stream: NodeJS.WritableStream,
  end: boolean,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  await pipeline(Readable.from(pages(options, counts)), stream, { end });
  return counts;
}

async function* pages({ kinds, withPasswordHashes }: ExportOptions, counts: Record<string, number>) {
  for (const { name, exportPage } of kinds) {
    counts[name] = 0;
    let after: number | undefined;
    do {
      const { items, next } = await exportPage({ withPasswordHashes, ...(after !== undefined && { after }) });
      counts[name] += items.length;
      if (items.length > 0) yield items.map((item) => `${JSON.stringify({ type: name, ...item })}\n`).join('');
      after = next;
    } while (after !== undefined);
  }
}
