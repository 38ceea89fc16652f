import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedLookup } from './shared-lookup.ts';

interface Row {
  readonly key: string;
  readonly document: { changed?: boolean };
}

/** A look-up whose statements are answered by hand. */
function lookup() {
  const statements: { readonly keys: readonly string[]; answer(): void; fail(error: Error): void }[] = [];
  const shared = new SharedLookup<Row>(
    (keys) =>
      new Promise((resolve, reject) => {
        const rows = keys.filter((key) => key !== 'none').map((key) => ({ key, document: {} }));
        statements.push({ keys, answer: () => resolve(rows.toReversed()), fail: reject });
      }),
    ({ key }) => key,
  );
  return { shared, statements, find: (key: string) => shared.find(key).then((row) => row?.key) };
}

describe('A shared look-up', () => {
  it('sends one statement for all that arrive together, or in turns that follow each other', async () => {
    const { find, statements } = lookup();
    const found = [find('a'), find('b')];
    await turn();
    found.push(find('c'));
    expect(statements).toEqual([]);
    await turn();
    await turn();
    expect(statements.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    statements[0]?.answer();
    expect(await Promise.all(found)).toEqual(['a', 'b', 'c']);
  });

  it('waits for no further look-up after sixteen turns', async () => {
    const { find, statements } = lookup();
    const found: Promise<unknown>[] = [];
    await new Promise<void>((resolve) => {
      // The next request is due before the first look-up of this one, as on the server.
      const begin = (request: number) => {
        if (request < 20) setImmediate(() => begin(request + 1));
        else resolve();
        found.push(find(`${request}`));
      };
      begin(1);
    });
    expect(statements.map(({ keys }) => keys.length)).toEqual([17]);
    statements[0]?.answer();
    while (statements.length < 2) await turn();
    statements[1]?.answer();
    expect(await Promise.all(found)).toHaveLength(20);
  });

  it('sends those that arrive while a statement is on its way together', async () => {
    const { find, statements } = lookup();
    const found = [find('a')];
    await turn();
    found.push(find('b'), find('none'), find('c'));
    expect(statements.map(({ keys }) => keys)).toEqual([['a']]);
    statements[0]?.answer();
    await found[0];
    expect(statements.map(({ keys }) => keys)).toEqual([['a'], ['b', 'none', 'c']]);
    statements[1]?.answer();
    expect(await Promise.all(found)).toEqual(['a', 'b', undefined, 'c']);
  });

  it('joins no statement that was sent before, even for the same key', async () => {
    const { find, statements } = lookup();
    const before = find('a');
    await turn();
    const later = find('a');
    statements[0]?.answer();
    await before;
    expect(statements.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
    statements[1]?.answer();
    expect(await later).toBe('a');
  });

  it('asks for each key once, and shares no object between its callers', async () => {
    const { shared, find, statements } = lookup();
    const first = find('x');
    await turn();
    const both = [shared.find('a'), shared.find('a')];
    statements[0]?.answer();
    await first;
    expect(statements[1]?.keys).toEqual(['a']);
    statements[1]?.answer();
    const [one, other] = await Promise.all(both);
    if (one) one.document.changed = true;
    expect(other).toEqual({ key: 'a', document: {} });
  });

  it('rejects those that shared the statement that failed, and no others', async () => {
    const { find, statements } = lookup();
    const first = find('a');
    await turn();
    const second = find('b');
    statements[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    statements[1]?.answer();
    expect(await second).toBe('b');
  });

  it('waits for no slow statement', async () => {
    const { find, statements } = lookup();
    const slow = find('a');
    await turn();
    const next = find('b');
    while (statements.length < 2) await delay(5);
    statements[1]?.answer();
    expect(await next).toBe('b');
    const third = find('c');
    while (statements.length < 3) await turn();
    expect(statements.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c']]);
    for (const { answer } of statements) answer();
    expect(await Promise.all([slow, third])).toEqual(['a', 'c']);
  });
});
