/** Enough for the clients of a busy server. */
const maxKnown = 1_000;

/** Remembers what `read` makes of recent texts. A text that is longer than `maxLength` is read each time. */
export function remembering<Value>(read: (text: string) => Value, maxLength: number): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.value;
    const value = read(text);
    if (text.length > maxLength) return value;
    if (known.size === maxKnown) known.clear();
    known.set(text, { value });
    return value;
  };
}
