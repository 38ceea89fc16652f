/** It passes over a byte order mark at the beginning (Unicode Standard, section 23.8). */
const strict = new TextDecoder('utf-8', { fatal: true });

/** The text of these bytes; `undefined` if they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether Node, or a terminal, has replaced bytes that were not UTF-8. Different bytes become the same text. */
export const isGarbled = (text: string): boolean => text.includes('\uFFFD');
