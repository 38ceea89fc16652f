import type { Email } from '../model/email.ts';
import { expectRefusal, expectSame, expectThat } from './expect.ts';
import { addPost, addSession, addUser, newPost, newSession, newUser } from './samples.ts';
import { firstPage, type StorePromise } from './store-promise.ts';
import { usersRaces } from './users-races.ts';

/** What the repositories of users promise. */
export const usersPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'returns a user as they were appended, by id, and with the hash by address or id',
    async holds(store) {
      const fields = newUser('Zoë', { email: 'zoe+1@example.com' as Email, city: '', age: 0, role: 'admin' });
      const user = await addUser(store, 'Zoë', fields);
      const { passwordHash, ...profile } = fields;
      expectSame(user, { ...profile, id: user.id }, 'append returns the user');
      expectSame(await store.users.findById(user.id), user, 'findById');
      const credentials = { user, passwordHash };
      expectSame(await store.users.findCredentials({ id: user.id }), credentials, 'findCredentials by id');
      expectSame(await store.users.findCredentials({ email: user.email }), credentials, 'findCredentials by address');
    },
  },
  {
    part: 'faithful',
    name: 'knows nothing of a user who is not there',
    async holds({ users, unitOfWork }) {
      const nobody = 999_999_999_999_999;
      expectSame(await users.findById(nobody), undefined, 'findById');
      expectSame(await users.findCredentials({ id: nobody }), undefined, 'findCredentials by id');
      expectSame(await users.findCredentials({ email: 'nobody@example.com' as Email }), undefined, 'by address');
      await unitOfWork.run(async (transaction) => {
        expectSame(await transaction.users.update(nobody, { age: 1 }), undefined, 'update');
        expectSame(await transaction.users.lockCredentials(nobody), undefined, 'lockCredentials');
        expectSame(await transaction.users.delete(nobody), false, 'delete');
        await transaction.users.setPasswordHash(nobody, 'hash');
      });
    },
  },
  {
    part: 'faithful',
    name: 'changes the fields that are named and no other',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const change = (changes: object) => store.unitOfWork.run(({ users }) => users.update(user.id, changes));
      expectSame(await change({ age: 0, city: undefined }), { ...user, age: 0 }, 'update');
      expectSame(
        await change({ isActive: false, role: 'admin' }),
        { ...user, age: 0, isActive: false, role: 'admin' },
        'again',
      );
      const changed = { ...user, name: 'Countess', city: 'Bath', age: 0, isActive: false, role: 'admin' };
      expectSame(await change({ name: 'Countess', city: 'Bath' }), changed, 'and again');
      expectSame(await change({}), changed, 'without a change');
      expectSame(await store.users.findById(user.id), changed, 'findById');
    },
  },
  {
    part: 'faithful',
    name: 'replaces the hash of a password',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const other = await addUser(store, 'Bob');
      await store.unitOfWork.run(({ users }) => users.setPasswordHash(id, 'another'));
      expectSame((await store.users.findCredentials({ id }))?.passwordHash, 'another', 'the new hash');
      expectSame(
        (await store.users.findCredentials({ id: other.id }))?.passwordHash,
        'hash of Bob',
        "another user's hash",
      );
    },
  },
  {
    part: 'faithful',
    name: 'deletes a user with their sessions and posts, and nobody else',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const session = await addSession(store, newSession(ada.id, 'a'));
      const kept = await addSession(store, newSession(bob.id, 'b'));
      await addPost(store, newPost(ada.id));
      const keptPost = await addPost(store, newPost(bob.id));
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), true, 'delete');
      expectSame(await store.users.findById(ada.id), undefined, 'the user');
      expectSame(await store.sessions.findWithUser(session.id), undefined, 'their session');
      expectSame(await store.posts.list({}, firstPage), [keptPost], 'the posts that stay');
      expectSame(await store.sessions.findWithUser(kept.id), { session: kept, user: bob }, 'the session that stays');
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), false, 'delete again');
    },
  },
  {
    part: 'faithful',
    name: 'lists users by ascending id, page by page',
    async holds(store) {
      const names = ['Eve', 'Dan', 'Cid', 'Bob', 'Ada'];
      for (const name of names) await addUser(store, name);
      const list = async (skip: number, limit: number, after?: number) =>
        (await store.users.list({}, { skip, limit, after })).map(({ name }) => name);
      expectSame(await list(0, 100), names, 'all');
      expectSame(await list(1, 2), ['Dan', 'Cid'], 'skip and limit');
      const { id = 0 } = (await store.users.list({}, { skip: 1, limit: 1 }))[0] ?? {};
      expectSame(await list(0, 2, id), ['Cid', 'Bob'], 'after');
      expectSame(await list(1, 2, id), ['Bob', 'Ada'], 'after and skip');
      expectSame(await list(9, 2), [], 'beyond the end');
    },
  },
  {
    part: 'faithful',
    name: 'lists the users whom a filter lets through',
    async holds(store) {
      await addUser(store, 'Ada', { role: 'admin' });
      await addUser(store, 'Bob', { isActive: false });
      await addUser(store, 'Cid', { role: 'admin', isActive: false });
      const list = async (filter: object) => (await store.users.list(filter, firstPage)).map(({ name }) => name);
      expectSame(await list({ isActive: true }), ['Ada'], 'active');
      expectSame(await list({ isActive: false }), ['Bob', 'Cid'], 'inactive');
      expectSame(await list({ role: 'admin' }), ['Ada', 'Cid'], 'admins');
      expectSame(await list({ role: 'admin', isActive: false }), ['Cid'], 'inactive admins');
    },
  },
  {
    part: 'faithful',
    name: 'finds users by the beginning of their address or folded name, to the letter',
    async holds(store) {
      await addUser(store, 'ÉMILE', { email: 'e.b@example.com' as Email });
      await addUser(store, '100%', { email: 'percent@example.com' as Email });
      await addUser(store, 'A_B\\', { email: 'under_score@example.com' as Email });
      await addUser(store, 'Grüße', { email: 'zz@example.com' as Email });
      const find = async (search: string) => (await store.users.list({ search }, firstPage)).map(({ name }) => name);
      expectSame(await find('émi'), ['ÉMILE'], 'a folded name');
      expectSame(await find('e.b@'), ['ÉMILE'], 'an address');
      expectSame(await find('mile'), [], 'the middle of a name');
      expectSame(await find('%'), [], 'a percent sign');
      expectSame(await find('100%'), ['100%'], 'a name with a percent sign');
      expectSame(await find('a_b\\'), ['A_B\\'], 'a name with a backslash');
      expectSame(await find('under.'), [], 'any character for an underscore');
      expectSame(await find('grüß'), ['Grüße'], 'a sharp s');
      expectSame(await find('zzz'), [], 'longer than what there is');
    },
  },
  {
    part: 'faithful',
    name: 'locks all active admins, by ascending id',
    async holds(store) {
      const first = await addUser(store, 'Ada', { role: 'admin' });
      await addUser(store, 'Bob');
      await addUser(store, 'Cid', { role: 'admin', isActive: false });
      const last = await addUser(store, 'Dan', { role: 'admin' });
      const locked = await store.unitOfWork.run(({ users }) => users.lockActiveAdmins());
      expectSame(locked, [first.id, last.id], 'lockActiveAdmins');
    },
  },
  {
    part: 'unique',
    name: 'refuses a second user with the same address',
    async holds(store) {
      const { email } = await addUser(store, 'Ada');
      await expectRefusal(addUser(store, 'Bob', { email }), 'email_taken', 'append');
      expectSame(
        (await store.users.list({}, firstPage)).map(({ name }) => name),
        ['Ada'],
        'the users',
      );
    },
  },
  {
    part: 'unique',
    name: 'moves to another address, but to none that is taken',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const email = 'countess@example.com' as Email;
      const move = (to: Email) =>
        store.unitOfWork.run(({ users }) => users.update(ada.id, { email: to, emailVerified: true }));
      expectSame(await move(email), { ...ada, email, emailVerified: true }, 'update');
      expectSame((await store.users.findCredentials({ email }))?.user.id, ada.id, 'found by the new address');
      expectSame(await store.users.findCredentials({ email: ada.email }), undefined, 'found by the old address');
      await expectRefusal(move(bob.email), 'email_taken', 'update to a taken address');
      expectSame((await store.users.findById(ada.id))?.email, email, 'the address');
    },
  },
  {
    part: 'unique',
    name: 'never numbers two users alike, not even after a deletion',
    async holds(store) {
      const first = await addUser(store, 'Ada');
      await store.unitOfWork.run(({ users }) => users.delete(first.id));
      const second = await addUser(store, 'Ada');
      expectThat(second.id > first.id, 'A later id is a higher one');
    },
  },
  ...usersRaces,
];
