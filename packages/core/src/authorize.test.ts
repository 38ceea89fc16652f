import { describe, expect, it } from 'vitest';
import { call, type Cast, memberUseCases, type UseCaseName } from '../test/sample-calls.ts';
import { snapshot } from '../test/snapshot.ts';
import { allUseCases as useCases, codeOf, emailOf, scenario } from '../test/scenario.ts';
import { authorize, authorizing } from './authorize.ts';
import type { Admin } from './model/caller.ts';

/** A cast, and an admin who stays. */
interface People extends Cast {
  readonly keeper: Admin;
}

/** An admin who calls, a member who is acted on, and another admin who stays. */
async function cast(): Promise<People> {
  const story = scenario();
  const [keeper, caller, subject] = [await story.admin('Grace'), await story.admin('Hedy'), await story.member('Ada')];
  const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
  const { id: postId } = await story.application.createPost.execute(caller, text);
  const joan = { name: 'Joan', email: emailOf('Joan') };
  const { id: invitedId } = await story.application.createUser.execute(keeper, joan);
  await story.login('Ada');
  return { story, caller, subject, postId, invitedId, keeper };
}

/** The ways in which a caller loses the right to act, and what they are told. */
const ends: Readonly<Record<string, readonly [string, (people: People) => Promise<unknown>]>> = {
  'logged out': ['invalid_token', ({ story, caller }) => story.application.logout.execute(caller)],
  deactivated: [
    'account_deactivated',
    ({ story, caller, keeper }) => story.application.deactivateUser.execute(keeper, { id: caller.user.id }),
  ],
  deleted: [
    'user_no_longer_exists',
    ({ story, caller, keeper }) => story.application.deleteUser.execute(keeper, { id: caller.user.id }),
  ],
};

const demote = ({ story, caller, keeper }: People) =>
  story.application.changeRole.execute(keeper, { id: caller.user.id, role: 'user' });

/** The use cases that write: those that begin a transaction on their sample. */
const readers = new Set<UseCaseName>([
  'listSessions',
  'introspect',
  'getProfile',
  'listUsers',
  'getUser',
  'searchUsers',
  'getAnyUser',
  'findUserByEmail',
  'listUserSessions',
  'listAudit',
  'listMyPosts',
]);
const writers = memberUseCases.filter((name) => !readers.has(name));

describe('A use case for members', () => {
  it.each(memberUseCases)('%s does what its sample asks, in a transaction if it writes', async (name) => {
    const people = await cast();
    people.story.calls.length = 0;
    await call(name, people);
    expect(people.story.calls.includes('transaction')).toBe(!readers.has(name));
  });
});

describe.each(Object.entries(ends))('A caller who is %s between the check and the commit', (_, [code, end]) => {
  it.each(writers)('changes nothing by %s', async (name) => {
    const people = await cast();
    const { story } = people;
    let before: unknown;
    story.meanwhile(async () => {
      await end(people);
      before = await snapshot(story);
    });
    expect(await codeOf(call(name, people))).toBe(code);
    expect(await snapshot(story)).toEqual(before);
  });
});

describe('An admin who is demoted between the check and the commit', () => {
  it.each(writers.filter((name) => useCases[name].caller === 'operator'))('changes nothing by %s', async (name) => {
    const people = await cast();
    const { story } = people;
    let before: unknown;
    story.meanwhile(async () => {
      await demote(people);
      before = await snapshot(story);
    });
    expect(await codeOf(call(name, people))).toBe('admin_required');
    expect(await snapshot(story)).toEqual(before);
  });

  it.each(['updatePost', 'deletePost'] as const)('does as a member what a member may do: %s', async (name) => {
    const people = await cast();
    const { story, keeper } = people;
    const text = { title: 'A keeper’s post', content: 'Twenty characters or more of it.' };
    const { id } = await story.application.createPost.execute(keeper, text);
    await story.application.updatePost.execute(keeper, { id, published: true });
    story.meanwhile(() => demote(people));
    const denied = name === 'updatePost' ? 'posts.update_denied' : 'posts.delete_denied';
    expect(await codeOf(call(name, { ...people, postId: id }))).toBe(denied);
  });
});

describe('A member object that a host kept for longer than the store kept the session', () => {
  it('is refused as one whose session has ended, and not as one who was deleted', async () => {
    const { story, caller } = await cast();
    story.clock.advance(365 * 24 * 60 * 60);
    await story.application.purgeExpired.execute(story.system);
    expect(await story.ports.sessions.findWithUser(caller.sessionId)).toBeUndefined();
    expect(await codeOf(story.application.getProfile.execute(caller))).toBe('invalid_token');
  });
});

describe('A transaction of a member', () => {
  const begin = async (who: 'member' | 'admin' = 'member') => {
    const { story, caller } = await cast();
    return authorizing({ ...story.ports, policy: story.application.policy }, who, caller);
  };

  it('hands out nothing before the caller is authorized', async () => {
    const unitOfWork = await begin();
    await expect(unitOfWork.run(async ({ users }) => users.delete(1))).rejects.toThrow('must begin with authorize()');
    await expect(unitOfWork.run(async () => 'done')).rejects.toThrow('must begin with authorize()');
  });

  it('hands out everything once the caller is authorized', async () => {
    const unitOfWork = await begin();
    const email = await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      return (await transaction.users.lockCredentials(caller.user.id))?.user.email;
    });
    expect(email).toBe('hedy@example.com');
  });

  it('commits nothing after a refusal, even if the use case goes on', async () => {
    const people = await cast();
    const { story, caller } = people;
    const unitOfWork = authorizing({ ...story.ports, policy: story.application.policy }, 'admin', caller);
    await demote(people);
    const outcome = unitOfWork.run(async (transaction) => {
      await authorize(transaction).catch(() => {});
      return transaction.users.delete(caller.user.id);
    });
    await expect(outcome).rejects.toThrow('must begin with authorize()');
    expect(await story.ports.users.findById(caller.user.id)).toBeDefined();
  });

  it('is authorized once, and only if it is one of a member', async () => {
    const unitOfWork = await begin();
    const twice = unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      await authorize(transaction, { subject: 1 });
    });
    await expect(twice).rejects.toThrow('authorize() is called once');
    await expect(authorize({})).rejects.toThrow('authorize() is called once');
  });
});
