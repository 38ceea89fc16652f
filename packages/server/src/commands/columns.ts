import stringWidth from 'string-width';

/** Characters that could move the cursor, change colours, hide or reorder text (Unicode categories Cc, Cf, Zl and Zp). */
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text of a user, safe to print: what could control a terminal is written as its code point. */
export function printable(text: string): string {
  return text.replaceAll(dangerous, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** Rows of cells as lines, aligned in columns. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** The same rows, with the longest cells cut where a line would be wider than a terminal. */
export function fitted(rows: readonly (readonly string[])[], width: number): string[][] {
  const widths = widthsOf(rows);
  const excess = () => widths.reduce((sum, one) => sum + one, 2 * (widths.length - 1)) - width;
  const narrowest = 8;
  while (excess() > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = Math.max(narrowest, widest - excess(), Math.ceil(widest * 0.9) - 1);
  }
  return rows.map((row) => row.map((cell, column) => cut(cell, widths[column] ?? 0)));
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
}

function cut(cell: string, width: number): string {
  if (stringWidth(cell) <= width) return cell;
  const kept: string[] = [];
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(cell)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept.push(segment);
  }
  return `${kept.join('')}…`;
}
