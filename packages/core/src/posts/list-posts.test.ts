import { describe, expect, it } from 'vitest';
import { issuesOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

/** Posts by Ada and Bob in turn: 1 to 6, of which 1 to 4 are published. */
async function sixPosts() {
  const { application, member, admin } = scenario();
  const [ada, bob] = [await member('Ada'), await member('Bob')];
  for (let id = 1; id <= 6; id += 1) {
    const author = id % 2 ? ada : bob;
    await application.createPost.execute(author, { title: `Post no. ${id}`, content: 'Twenty characters or more.' });
    if (id <= 4) await application.updatePost.execute(author, { id, published: true });
  }
  return { application, ada, bob, grace: await admin('Grace') };
}

const idsOf = ({ items }: { items: readonly { id: number }[] }) => items.map(({ id }) => id);

describe('ListPosts', () => {
  it('lists what the caller may read, newest first', async () => {
    const { application, ada, bob, grace } = await sixPosts();
    expect(idsOf(await application.listPosts.execute(anyone, {}))).toEqual([4, 3, 2, 1]);
    expect(idsOf(await application.listPosts.execute(ada, {}))).toEqual([5, 4, 3, 2, 1]);
    expect(idsOf(await application.listPosts.execute(bob, {}))).toEqual([6, 4, 3, 2, 1]);
    expect(idsOf(await application.listPosts.execute(grace, {}))).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('leaves out the posts of a deactivated author, except for admins, until the account is active again', async () => {
    const { application, ada, bob, grace } = await sixPosts();
    const { id } = bob.user;
    await application.deactivateUser.execute(grace, { id });
    expect(idsOf(await application.listPosts.execute(anyone, {}))).toEqual([3, 1]);
    expect(idsOf(await application.listPosts.execute(ada, {}))).toEqual([5, 3, 1]);
    expect(idsOf(await application.listPosts.execute(grace, {}))).toEqual([6, 5, 4, 3, 2, 1]);
    await application.activateUser.execute(grace, { id });
    expect(idsOf(await application.listPosts.execute(anyone, {}))).toEqual([4, 3, 2, 1]);
  });

  it('leaves out the posts of a closed account, for admins too', async () => {
    const { application, bob, grace } = await sixPosts();
    await application.deleteAccount.execute(bob);
    expect(idsOf(await application.listPosts.execute(anyone, {}))).toEqual([3, 1]);
    expect(idsOf(await application.listPosts.execute(grace, {}))).toEqual([5, 3, 1]);
  });

  it('lists the drafts alone that the caller may read', async () => {
    const { application, ada, grace } = await sixPosts();
    const input = { published: false };
    expect(await application.listPosts.execute(anyone, input)).toEqual({ items: [] });
    expect(idsOf(await application.listPosts.execute(ada, input))).toEqual([5]);
    expect(idsOf(await application.listPosts.execute(grace, input))).toEqual([6, 5]);
  });

  it('pages downwards, over what the caller may read', async () => {
    const { application, ada } = await sixPosts();
    const list = (page: object) => application.listPosts.execute(ada, { limit: 2, ...page });
    expect(await list({})).toMatchObject({ items: [{ id: 5 }, { id: 4 }], next: 4 });
    expect(await list({ after: 4 })).toMatchObject({ items: [{ id: 3 }, { id: 2 }], next: 2 });
    expect(idsOf(await list({ after: 2 }))).toEqual([1]);
    expect(await list({ after: 2 })).not.toHaveProperty('next');
    expect(idsOf(await list({ skip: 3 }))).toEqual([2, 1]);
  });

  it('never shows the author', async () => {
    const { application } = await sixPosts();
    const { items } = await application.listPosts.execute(anyone, { limit: 1 });
    expect(Object.keys(items[0] ?? {}).toSorted()).toEqual([
      'authorId',
      'content',
      'createdAt',
      'id',
      'published',
      'title',
    ]);
  });

  it.each([
    [{ published: 'true' }, { published: 'Must be true or false' }],
    [{ published: null }, { published: 'Must be true or false' }],
    [{ published: false, limit: 0 }, { limit: 'Must be at least 1' }],
  ])('refuses %o', async (input, issues) => {
    const { application } = await sixPosts();
    expect(await issuesOf(application.listPosts.execute(anyone, input as never))).toEqual(issues);
  });
});

describe('ListMyPosts', () => {
  it('lists the posts of the caller, drafts too, newest first, of an admin too', async () => {
    const { application, ada, bob, grace } = await sixPosts();
    expect(idsOf(await application.listMyPosts.execute(ada, {}))).toEqual([5, 3, 1]);
    expect(idsOf(await application.listMyPosts.execute(bob, { limit: 2 }))).toEqual([6, 4]);
    expect(await application.listMyPosts.execute(grace, {})).toEqual({ items: [] });
  });

  it('pays no heed to whose posts the input asks for', async () => {
    const { application, ada, bob } = await sixPosts();
    const input: object = { authorId: bob.user.id, draftsOf: bob.user.id, published: true };
    expect(idsOf(await application.listMyPosts.execute(ada, input))).toEqual([5, 3, 1]);
  });
});
