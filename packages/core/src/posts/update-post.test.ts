import { describe, expect, it, vi } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';
import { snapshot } from '../../test/snapshot.ts';

/** Ada and a draft of hers. */
async function withDraft() {
  const story = scenario();
  const ada = await story.member('Ada');
  const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };
  return { ...story, story, ada, draft: await story.application.createPost.execute(ada, text) };
}

describe('UpdatePost', () => {
  it.each([{ title: 'On looms' }, { content: 'Twenty characters or more.' }, { published: true }])(
    'changes what is sent, as %o, and leaves the rest',
    async (changes) => {
      const { application, ada, draft } = await withDraft();
      const input = { id: draft.id, ...changes };
      expect(await application.updatePost.execute(ada, input)).toStrictEqual({ ...draft, ...changes });
    },
  );

  it.each([{}, { title: null, content: null, published: null }])('takes %o for no change', async (changes) => {
    const { application, ada, draft } = await withDraft();
    expect(await application.updatePost.execute(ada, { id: draft.id, ...changes })).toStrictEqual(draft);
  });

  it('changes and records nothing when an admin sends the values that another author’s post has', async () => {
    const { application, admin, draft, story } = await withDraft();
    const grace = await admin('Grace');
    const { id, title, content, published } = draft;
    const before = await snapshot(story);
    expect(await application.updatePost.execute(grace, { id, title, content, published })).toStrictEqual(draft);
    expect(await snapshot(story)).toEqual(before);
  });

  it('keeps both of two changes that come at once', async () => {
    const { application, ada, draft } = await withDraft();
    const { id } = draft;
    await Promise.all([
      application.updatePost.execute(ada, { id, title: 'On looms' }),
      application.updatePost.execute(ada, { id, published: true }),
    ]);
    expect(await application.getPost.execute(ada, { id })).toMatchObject({ title: 'On looms', published: true });
  });

  it('pays no heed to fields that are not for the caller to set', async () => {
    const { application, ada, draft, register } = await withDraft();
    const bob = await register('Bob');
    const privileges = { authorId: bob.id, author_id: bob.id, createdAt: new Date(0) };
    expect(await application.updatePost.execute(ada, { id: draft.id, ...privileges })).toStrictEqual(draft);
  });

  it.each([
    [{ title: 'Loom' }, { title: 'Must be at least 5 characters' }],
    [{ content: 'short' }, { content: 'Must be at least 20 characters' }],
    [{ published: 'yes' }, { published: 'Must be true or false' }],
  ])('refuses %o and changes nothing', async (changes, issues) => {
    const { application, ada, draft } = await withDraft();
    const { id } = draft;
    expect(await issuesOf(application.updatePost.execute(ada, { id, ...changes } as never))).toEqual(issues);
    expect(await application.getPost.execute(ada, { id })).toMatchObject(draft);
  });

  it('finds no post that was deleted meanwhile', async () => {
    const { application, ada, draft, meanwhile } = await withDraft();
    const { id } = draft;
    meanwhile(() => application.deletePost.execute(ada, { id }));
    expect(await codeOf(application.updatePost.execute(ada, { id, published: true }))).toBe('posts.not_found');
  });

  it('finds no post that goes between two looks', async () => {
    const { application, ada, draft, within } = await withDraft();
    within(({ posts }) => vi.spyOn(posts, 'update').mockResolvedValueOnce(undefined));
    const input = { id: draft.id, published: true };
    expect(await codeOf(application.updatePost.execute(ada, input))).toBe('posts.not_found');
  });

  it('decides by what the post is when it is locked', async () => {
    const { application, ada, draft, member, meanwhile } = await withDraft();
    const { id } = draft;
    const bob = await member('Bob');
    meanwhile(() => application.updatePost.execute(ada, { id, published: true }));
    expect(await codeOf(application.updatePost.execute(bob, { id, title: 'On looms' }))).toBe('posts.update_denied');
  });
});
