/** One line of a file, without its end. */
export interface Line {
  /** The first line is 1. */
  readonly number: number;
  /** Absent if the line is too long. */
  readonly bytes?: Uint8Array;
}

/** Bytes of the longest line. No text of a valid record is longer, however it is escaped. */
export const maxLine = 1_048_576;

const lineFeed = 0x0a;

/** Splits bytes into lines. Of a line that is too long, no more than the limit is kept in memory. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    length += part.length;
    if (length <= maxLine) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    number += 1;
    const line = length <= maxLine ? { number, bytes: Buffer.concat(parts) } : { number };
    [parts, length] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}
