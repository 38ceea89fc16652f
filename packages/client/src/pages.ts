import type { Fields } from './request.ts';

/** One page of a list. */
export type Page<Item, Input> = Item[] & {
  /** The input of the next page; `undefined` on the last one. */
  readonly next: Input | undefined;
};

/**
 * The call of a list: awaited, it is the first page; iterated by `for await`, it is every item of every page. Each page
 * is requested when it is needed.
 */
export interface PageCall<Item, Input> extends Promise<Page<Item, Input>>, AsyncIterable<Item> {}

/** A page, with the input of the page that its link leads to (RFC 8288). Only the key is taken from the link. */
export function toPage(items: unknown[], link: string | null, input: Fields | undefined): unknown {
  const [, query] = /<[^<>?#]*\?([^<>#]*)(?:#[^<>]*)?>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  const after = new URLSearchParams(query).get('after');
  const next = after === null ? undefined : { ...input, after, skip: undefined };
  return Object.defineProperty(items, 'next', { value: next });
}

/** Makes the promise of a page iterable. */
export function iterable(
  first: Promise<unknown>,
  pageAt: (input: Fields) => Promise<unknown>,
): Promise<unknown> & AsyncIterable<unknown> {
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      for (let page = await first; Array.isArray(page);) {
        yield* page as unknown[];
        const { next } = page as Page<unknown, Fields>;
        if (!next) return;
        page = await pageAt(next);
      }
    },
  });
}
