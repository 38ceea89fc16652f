/** The known words that are within this distance of a word, the closest first. */
export function closeTo(word: string, known: readonly string[], limit: number): string[] {
  const close = known.filter((other) => isWithin(limit, word, other));
  return close.toSorted((one, other) => distance(word, one) - distance(word, other));
}

/** Whether two words are that close. Most differ in length by more, so that the distance need not be measured. */
export function isWithin(limit: number, from: string, to: string): boolean {
  return Math.abs(from.length - to.length) <= limit && distance(from, to) <= limit;
}

/** How many letters have to be added, removed, replaced or swapped with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwapped = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwapped ? at(row - 2, column - 2) + 1 : Infinity;
      current.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, replaced, swapped));
    }
  }
  return at(from.length, to.length);
}
