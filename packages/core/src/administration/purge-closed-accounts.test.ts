import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { snapshot } from '../../test/snapshot.ts';
import { anyone } from '../model/caller.ts';

const text = { title: 'A first post', content: 'Twenty characters or more of it.' };

/** Ada, whose account has posts, a session and tokens, and Bob, who stays. */
async function closed({ posts = 1 } = {}) {
  const story = scenario();
  const { application, system, ports, clock } = story;
  const [ada, bob] = [await story.member('Ada'), await story.member('Bob')];
  const { id } = ada.user;
  await story.deliver();
  await ports.unitOfWork.run(async (transaction) => {
    for (let n = 0; n < posts; n += 1) {
      await transaction.posts.append({ ...text, published: true, authorId: id, createdAt: clock.now() });
    }
  });
  await application.createPost.execute(bob, text);
  await story.login('Ada', password, { ip: '203.0.113.7' });
  await application.deleteAccount.execute(ada);
  const purge = () => application.purgeClosedAccounts.execute(system);
  const purgeAll = async () => {
    let steps = 0;
    while (await purge()) steps += 1;
    return steps;
  };
  /** How many rows of Ada's are left. They are counted in a transaction that fails. */
  const left = async () => {
    let counted: number[] = [];
    const counting = ports.unitOfWork.run(async (transaction) => {
      const { posts: rows, sessions, knownNetworks, oneTimeTokens } = transaction;
      counted = [];
      for (const kind of [rows, sessions, knownNetworks, oneTimeTokens]) counted.push(await kind.purgeAllOf(id, 1e6));
      throw new Error('What was read is not kept');
    });
    await counting.catch(() => {});
    return counted;
  };
  return { ...story, story, ada, bob, id, purge, purgeAll, left };
}

describe('A closed account', () => {
  it('is gone at once, while its rows wait', async () => {
    const { application, bob, ada, id, left, login, register, ports } = await closed();
    expect(await codeOf(application.getProfile.execute(ada))).toBe('user_no_longer_exists');
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    expect(await codeOf(application.getUser.execute(bob, { id }))).toBe('user_not_found');
    expect((await application.listPosts.execute(anyone)).items).toEqual([]);
    expect(await codeOf(application.getPost.execute(anyone, { id: 1 }))).toBe('posts.not_found');
    expect(await left()).toEqual([1, 2, 1, 1]);
    expect(await register('Ada')).toMatchObject({ email: emailOf('Ada'), id: 3 });
    expect(await ports.users.findById(id)).toBeUndefined();
  });
});

describe('PurgeClosedAccounts', () => {
  it('deletes the rows of closed accounts, and no others', async () => {
    const { purgeAll, left, application, bob, isOpen } = await closed();
    expect(await purgeAll()).toBe(2);
    expect(await left()).toEqual([0, 0, 0, 0]);
    expect(await isOpen(bob)).toBe(true);
    expect((await application.listMyPosts.execute(bob)).items).toHaveLength(1);
  });

  it('does nothing where no account was closed', async () => {
    const { purge, story, purgeAll } = await closed();
    await purgeAll();
    const before = await snapshot(story);
    expect(await purge()).toBe(false);
    expect(await snapshot(story)).toEqual(before);
  });

  it('deletes a batch at a time, the newest posts first', async () => {
    const { purge, left } = await closed({ posts: 2_001 });
    expect([await purge(), await left()]).toEqual([true, [1_001, 2, 1, 1]]);
    expect([await purge(), await left()]).toEqual([true, [1, 2, 1, 1]]);
    expect([await purge(), await left()]).toEqual([true, [0, 0, 0, 0]]);
    expect([await purge(), await purge()]).toEqual([true, false]);
  });

  it('deletes all rows even if another transaction deletes one of a batch first', async () => {
    const { purgeAll, left, within } = await closed({ posts: 1_001 });
    within(({ posts }) => {
      const purgeAllOf = posts.purgeAllOf.bind(posts);
      vi.spyOn(posts, 'purgeAllOf').mockImplementation(async (...some) => (await purgeAllOf(...some)) - 1);
    });
    await purgeAll();
    expect(await left()).toEqual([0, 0, 0, 0]);
  });

  it('resumes what a fault interrupted, and leaves no half of a batch', async () => {
    const { purge, purgeAll, left, faults } = await closed({ posts: 1_001 });
    await purge();
    faults.fail('transaction.oneTimeTokens.purgeAllOf');
    expect(await codeOf(purge())).toBe('unavailable');
    expect(await left()).toEqual([1, 2, 1, 1]);
    expect(await purgeAll()).toBe(2);
    expect(await left()).toEqual([0, 0, 0, 0]);
  });

  it('serves several accounts and several nodes at once', async () => {
    const { application, bob, purge, left, ports } = await closed({ posts: 1_500 });
    await application.deleteAccount.execute(bob);
    await Promise.all(Array.from({ length: 8 }, purge));
    expect(await purge()).toBe(false);
    expect(await left()).toEqual([0, 0, 0, 0]);
    const bobsPosts = ports.unitOfWork.run(({ posts }) => posts.purgeAllOf(bob.user.id, 10));
    expect(await bobsPosts).toBe(0);
  });

  it('leaves an account that took the address since alone', async () => {
    const { purgeAll, member, isOpen } = await closed();
    const successor = await member('Ada');
    await purgeAll();
    expect(await isOpen(successor)).toBe(true);
  });

  it('keeps what the audit says of the account', async () => {
    const { purgeAll, audited } = await closed();
    const before = await audited();
    await purgeAll();
    expect(await audited()).toEqual(before);
  });
});
