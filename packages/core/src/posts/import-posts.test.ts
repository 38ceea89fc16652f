import { describe, expect, it } from 'vitest';
import { emailOf, scenario } from '../../test/scenario.ts';
import { ImportRun } from '../model/import-run.ts';

const createdAt = '2019-05-01T10:00:00.123Z';
const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const first = { ...text, id: 30, authorId: 1, createdAt };
const unnumbered = { ...text, authorExternalId: 'legacy-1', createdAt };

async function setup() {
  const story = scenario();
  const { application, system } = story;
  const ada = { id: 1, externalId: 'legacy-1', name: 'Ada', email: emailOf('Ada') };
  await application.importUsers.execute(system, { records: [ada, { name: 'Bob', email: emailOf('Bob') }] });
  story.clock.advance(10);
  const importing = (records: readonly unknown[], run?: ImportRun) =>
    application.importPosts.attempt(system, { records, run });
  const outcomes = async (records: readonly unknown[], run?: ImportRun) =>
    (await importing(records, run)).results.map(({ outcome, issues = [] }) =>
      [outcome, ...issues.map(({ path, message }) => `${path.join('.')}: ${message}`)].join(' '),
    );
  const exported = async () => (await application.exportPosts.execute(system)).items;
  return { ...story, importing, outcomes, exported };
}

describe('An import of posts', () => {
  it('keeps the id, the time and the state of a post, and finds its author by id or external id', async () => {
    const { importing, exported } = await setup();
    const { results } = await importing([{ ...first, published: true }, unnumbered]);
    expect(results).toEqual([30, 31].map((id) => ({ outcome: 'imported', id })));
    const stored = { ...text, authorId: 1, createdAt: new Date(createdAt) };
    expect(await exported()).toEqual([
      { ...stored, id: 31, published: false },
      { ...stored, id: 30, published: true },
    ]);
  });

  it('takes an invisible title or content, which earlier versions stored', async () => {
    const { outcomes } = await setup();
    const unseen = { title: '\u200b'.repeat(5), content: '\u2800'.repeat(20) };
    expect(await outcomes([{ ...first, ...unseen }])).toEqual(['imported']);
  });

  it('refuses what is invalid or refers to no account, and imports the others', async () => {
    const { outcomes } = await setup();
    const one = 'refused authorId: Exactly one of author_id and author_external_id is required';
    expect(
      await outcomes([
        { ...first, title: 'No' },
        { ...first, id: 29, authorId: 9 },
        { ...unnumbered, authorExternalId: 'legacy-9' },
        { ...first, authorExternalId: 'legacy-1' },
        { ...first, authorId: null },
        { ...unnumbered, createdAt: null },
        { ...first, createdAt: '9999-12-31' },
        first,
        { ...first, title: 'Another title' },
      ]),
    ).toEqual([
      'refused title: Must be at least 5 characters',
      'refused authorId: No account has it',
      'refused authorExternalId: No account has it',
      one,
      one,
      'refused id: A post needs an id or created_at, by which a later import recognises it',
      'refused createdAt: Must not be in the future',
      'imported',
      'refused id: Is the same as in an earlier record',
    ]);
  });
});

describe('A repeated import of posts', () => {
  it('recognises what it imported, and changes nothing', async () => {
    const { outcomes, exported } = await setup();
    const timeless = { ...text, id: 40, authorId: 2 };
    await outcomes([first, unnumbered, timeless]);
    const before = await exported();
    expect(await outcomes([first, unnumbered, timeless])).toEqual(['present', 'present', 'present']);
    expect(await exported()).toEqual(before);
  });

  it('recognises a post by its id, author and time, whatever was changed since', async () => {
    const { outcomes, ports } = await setup();
    await outcomes([first]);
    await ports.unitOfWork.run(({ posts }) => posts.update(30, { title: 'Another title', published: true }));
    expect(await outcomes([first])).toEqual(['present']);
  });

  it('refuses an id that another post has', async () => {
    const { outcomes } = await setup();
    await outcomes([first]);
    const others = [{ authorId: 2 }, { createdAt: '2020-01-01' }, { createdAt: null, title: 'Another title' }];
    for (const other of others) {
      expect(await outcomes([{ ...first, ...other }])).toEqual(['refused id: Belongs to another post']);
    }
  });
});

describe('A dry run of posts', () => {
  it('counts accounts as there that the same run would have imported, and changes nothing', async () => {
    const { application, system, outcomes, exported } = await setup();
    const run = new ImportRun({ dryRun: true });
    const cid = { id: 7, externalId: 'legacy-7', name: 'Cid', email: emailOf('Cid') };
    const refused = { id: 8, name: 'D', email: emailOf('Dan') };
    await application.importUsers.execute(system, { records: [cid, refused], run });
    const posts = [7, 8, 1].map((authorId, index) => ({ ...first, id: index + 1, authorId }));
    const found = await outcomes([...posts, { ...unnumbered, authorExternalId: 'legacy-7' }], run);
    expect(found).toEqual(['imported', 'refused authorId: No account has it', 'imported', 'imported']);
    expect(await exported()).toEqual([]);
    expect(await outcomes(posts)).toEqual([...Array(2).fill('refused authorId: No account has it'), 'imported']);
  });
});
