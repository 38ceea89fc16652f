import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';
import { type Anyone, anyone, type Member } from '../model/caller.ts';

const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };

/** Every kind of caller. */
const callers = ['anonymous', 'member', 'author', 'admin'] as const;
type Caller = (typeof callers)[number];

/** A draft and a published post by one author, and all who may ask for them. */
async function twoPosts() {
  const { application, member, admin, ports } = scenario();
  const author = await member('Ada');
  const draft = await application.createPost.execute(author, text);
  const { id } = await application.createPost.execute(author, text);
  const published = await application.updatePost.execute(author, { id, published: true });
  const by: Record<Caller, Anyone> = {
    anonymous: anyone,
    member: await member('Bob'),
    author,
    admin: await admin('Grace'),
  };
  return { application, ports, author, draft, published, by };
}

describe('A draft', () => {
  it.each(['author', 'admin'] as const)('is shown to the %s, by itself and in lists', async (caller) => {
    const { application, by, draft, published } = await twoPosts();
    const list = async (input: object) => (await application.listPosts.execute(by[caller], input)).items;
    expect(await application.getPost.execute(by[caller], { id: draft.id })).toMatchObject(draft);
    expect(await list({})).toEqual([published, draft]);
    expect(await list({ published: true })).toEqual([published]);
    expect(await list({ published: false })).toEqual([draft]);
  });

  it.each(['anonymous', 'member'] as const)('is hidden from the %s, by itself and in lists', async (caller) => {
    const { application, by, draft, published } = await twoPosts();
    const list = async (input: object) => (await application.listPosts.execute(by[caller], input)).items;
    expect(await codeOf(application.getPost.execute(by[caller], { id: draft.id }))).toBe('posts.not_found');
    expect(await list({})).toEqual([published]);
    expect(await list({ published: true })).toEqual([published]);
    expect(await list({ published: false })).toEqual([]);
  });

  it.each(['update', 'delete'] as const)('does not exist for a member who would %s it', async (act) => {
    const { application, by, draft } = await twoPosts();
    const { id } = draft;
    const answer = application[`${act}Post`].execute(by.member as Member, { id });
    expect(await codeOf(answer)).toBe('posts.not_found');
    expect(await application.getPost.execute(by.author, { id })).toMatchObject(draft);
  });
});

describe('A published post of a deactivated member', () => {
  async function hidden() {
    const posts = await twoPosts();
    await posts.application.deactivate.execute(posts.author);
    return posts;
  }

  it.each(['anonymous', 'member'] as const)('is hidden from the %s, by itself and in lists', async (caller) => {
    const { application, by, published } = await hidden();
    expect(await codeOf(application.getPost.execute(by[caller], { id: published.id }))).toBe('posts.not_found');
    expect((await application.listPosts.execute(by[caller], {})).items).toEqual([]);
  });

  it('is shown to admins', async () => {
    const { application, by, published } = await hidden();
    expect(await application.getPost.execute(by.admin, { id: published.id })).toMatchObject(published);
  });

  it.each(['update', 'delete'] as const)('does not exist for a member who would %s it', async (act) => {
    const { application, by, published } = await hidden();
    const answer = application[`${act}Post`].execute(by.member as Member, { id: published.id });
    expect(await codeOf(answer)).toBe('posts.not_found');
  });
});

describe('A post of a closed account', () => {
  it.each(['update', 'delete'] as const)('does not exist for an admin who would %s it', async (act) => {
    const { application, by, author, published } = await twoPosts();
    await application.deleteAccount.execute(author);
    const answer = application[`${act}Post`].execute(by.admin as Member, { id: published.id, title: 'In order now' });
    expect(await codeOf(answer)).toBe('posts.not_found');
  });
});

describe('A published post', () => {
  it.each(callers)('is shown to the %s', async (caller) => {
    const { application, by, published } = await twoPosts();
    expect(await application.getPost.execute(by[caller], { id: published.id })).toMatchObject(published);
  });

  it.each(['update', 'delete'] as const)('is there, but not for a member to %s', async (act) => {
    const { application, by, published } = await twoPosts();
    const { id } = published;
    const answer = application[`${act}Post`].execute(by.member as Member, { id });
    expect(await codeOf(answer)).toBe(`posts.${act}_denied`);
    expect(await application.getPost.execute(anyone, { id })).toMatchObject(published);
  });

  it('shows the fields of its author that the host chose, and no others', async () => {
    const { application, author, published } = await twoPosts();
    const { id, name, profile } = author.user;
    expect(profile).toStrictEqual({ age: 36, city: 'Unknown' });
    expect(await application.getPost.execute(anyone, { id: published.id })).toStrictEqual({
      ...published,
      author: { id, name, profile: { city: 'Unknown' } },
    });
  });

  it('is a draft again when it is withdrawn', async () => {
    const { application, author, published } = await twoPosts();
    const { id } = published;
    expect(await application.updatePost.execute(author, { id, published: false })).toMatchObject({ published: false });
    expect(await codeOf(application.getPost.execute(anyone, { id }))).toBe('posts.not_found');
  });
});

describe('Every post', () => {
  it.each(['author', 'admin'] as const)('may be changed and deleted by the %s', async (caller) => {
    const { application, author, by, draft, published } = await twoPosts();
    const editor = by[caller] as Member;
    for (const { id } of [draft, published]) {
      const changed = await application.updatePost.execute(editor, { id, title: 'On looms' });
      expect(changed).toMatchObject({ id, title: 'On looms', authorId: author.user.id });
      expect(await application.deletePost.execute(editor, { id })).toBeUndefined();
      expect(await codeOf(application.getPost.execute(editor, { id }))).toBe('posts.not_found');
    }
  });

  it('is deleted once', async () => {
    const { application, author, published } = await twoPosts();
    const input = { id: published.id };
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => application.deletePost.execute(author, input)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await codeOf(application.deletePost.execute(author, input))).toBe('posts.not_found');
    expect(await codeOf(application.updatePost.execute(author, input))).toBe('posts.not_found');
  });

  it('is found by a whole number', async () => {
    const { application, author } = await twoPosts();
    for (const id of [0, -0, 1.5, 1e15, '1', undefined]) {
      for (const useCase of ['getPost', 'updatePost', 'deletePost'] as const) {
        expect(await issuesOf(application[useCase].execute(author, { id } as never))).toHaveProperty('id');
      }
    }
  });

  it('is shown to no caller who claims an identity without being genuine', async () => {
    const { application, by, draft } = await twoPosts();
    const { user, sessionId } = by.author;
    const halves: Anyone[] = [{ ...(user && { user }) }, { ...(sessionId && { sessionId }) }];
    for (const half of halves) {
      expect(await codeOf(application.listPosts.execute(half, {}))).toBe('not_authenticated');
      expect(await codeOf(application.getPost.execute(half, { id: draft.id }))).toBe('not_authenticated');
    }
  });
});
