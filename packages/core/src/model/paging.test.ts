import { describe, expect, it } from 'vitest';
import { issuesOf, scenario } from '../../test/scenario.ts';
import { readPage, type StorePage } from './paging.ts';

/** A member, in a directory of so many. */
async function directory(size: number) {
  const { member, register, application } = scenario();
  const caller = await member('Member1');
  for (let n = 2; n <= size; n += 1) await register(`Member${n}`);
  return (page: object) => application.listUsers.execute(caller, page);
}

const idsOf = (page: { items: readonly { id: number }[] }) => page.items.map(({ id }) => id);

describe('A list', () => {
  it('shows ten where nothing is said, and after which one to go on', async () => {
    const list = await directory(12);
    const page = await list({});
    expect(idsOf(page)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(page.next).toBe(10);
  });

  it('is walked to its end by `next`, each item once', async () => {
    const list = await directory(7);
    const seen: number[] = [];
    let page = await list({ limit: 3 });
    seen.push(...idsOf(page));
    while (page.next !== undefined) {
      page = await list({ limit: 3, after: page.next });
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('names no next page where the last item is the last of all', async () => {
    const list = await directory(6);
    expect('next' in (await list({ limit: 6 }))).toBe(false);
    expect('next' in (await list({ limit: 3, after: 3 }))).toBe(false);
    expect((await list({ limit: 5 })).next).toBe(5);
  });

  it('passes over as many as it is told', async () => {
    const list = await directory(5);
    expect(await list({ skip: 1, limit: 2 })).toMatchObject({ items: [{ id: 2 }, { id: 3 }], next: 3 });
    expect(await list({ skip: 1, limit: 2, after: 2 })).toMatchObject({ items: [{ id: 4 }, { id: 5 }] });
    expect(await list({ skip: 5 })).toEqual({ items: [] });
  });

  it('is empty behind its end', async () => {
    const list = await directory(2);
    expect(await list({ after: 2 })).toEqual({ items: [] });
    expect(await list({ after: 999_999_999_999_999 })).toEqual({ items: [] });
  });

  it.each([{ limit: 1 }, { limit: 100 }, { skip: 0 }, { skip: 10_000 }, { after: 1 }])('takes %o', async (page) => {
    const list = await directory(1);
    expect(await list(page)).toHaveProperty('items');
  });

  it.each([
    [{ limit: 0 }, { limit: 'Must be at least 1' }],
    [{ limit: 101 }, { limit: 'Must be at most 100' }],
    [{ limit: '10' }, { limit: 'Must be a number' }],
    [{ limit: null }, { limit: 'Must be a number' }],
    [{ skip: -1 }, { skip: 'Must be at least 0' }],
    [{ skip: -0 }, { skip: 'Must be a whole number' }],
    [{ skip: 10_001 }, { skip: 'Must be at most 10000' }],
    [{ skip: [1, 2] }, { skip: 'Must be a number' }],
    [{ after: 0 }, { after: 'Must be at least 1' }],
    [{ after: 1.5 }, { after: 'Must be a whole number' }],
    [{ after: 1e15 }, { after: 'Must be at most 999999999999999' }],
  ])('refuses %o', async (page, issues) => {
    const list = await directory(1);
    expect(await issuesOf(list(page))).toEqual(issues);
  });
});

describe('readPage', () => {
  it('asks the store once, for one row more than it shows', async () => {
    const asked: StorePage[] = [];
    const page: StorePage = { skip: 1, limit: 2, after: 2 };
    const read = (one: StorePage) => {
      asked.push(one);
      return Promise.resolve([{ id: 4 }, { id: 5 }, { id: 6 }]);
    };
    expect(await readPage(page, read, ({ id }) => `row ${id}`)).toEqual({
      items: ['row 4', 'row 5'],
      next: 5,
    });
    expect(asked).toEqual([{ skip: 1, limit: 3, after: 2 }]);
  });
});
