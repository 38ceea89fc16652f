import type { Email } from '../model/email.ts';
import type { CredentialChanges } from '../ports/users.ts';
import type { PortPromise } from './contract.ts';
import { expectRefusal, expectSame } from './expect.ts';
import { addUser, type UsersInstance } from './users-instance.ts';

/** Changes the credentials of an account. */
function changeCredentials({ unitOfWork }: UsersInstance, id: number, changes: CredentialChanges) {
  return unitOfWork.run(({ users }) => users.changeCredentials(id, changes));
}

/** What `WritableUsers` promises about credentials. */
export const credentialsPromises: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'faithful',
    name: 'a user without a password has no hash until one is set',
    async holds(store) {
      const user = await addUser(store, 'Ada', { passwordHash: undefined });
      const { id, email } = user;
      const bare = { user, securityVersion: 1 };
      expectSame(await store.users.findCredentials({ id }), bare, 'findCredentials by id');
      expectSame(await store.users.findCredentials({ email }), bare, 'findCredentials by address');
      const locked = await store.unitOfWork.run(({ users }) => users.lockCredentials(id));
      expectSame(locked, bare, 'lockCredentials');
      const verified = await changeCredentials(store, id, { emailVerified: true });
      expectSame(verified?.passwordHash, undefined, 'the hash, after another change of credentials');
      const changed = await changeCredentials(store, id, { passwordHash: 'a hash' });
      const credentials = { user: { ...user, emailVerified: true }, passwordHash: 'a hash', securityVersion: 3 };
      expectSame(changed, credentials, 'changeCredentials');
      expectSame(await store.users.findCredentials({ email }), credentials, 'findCredentials, once it has one');
    },
  },
  {
    part: 'faithful',
    name: 'a change of credentials changes what it names, of this user alone, and increases the version by one',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const email = 'countess@example.com' as Email;
      const change = (changes: CredentialChanges) => changeCredentials(store, ada.id, changes);
      const before = { user: ada, passwordHash: 'hash of Ada' };
      expectSame(
        await change({ passwordHash: 'another', email: undefined }),
        { user: ada, passwordHash: 'another', securityVersion: 2 },
        'a password',
      );
      const moved = { ...ada, email, emailVerified: true };
      expectSame(
        await change({ email, emailVerified: true }),
        { user: moved, passwordHash: 'another', securityVersion: 3 },
        'an address',
      );
      const all = { passwordHash: before.passwordHash, email: ada.email, emailVerified: false };
      expectSame(await change(all), { ...before, securityVersion: 4 }, 'all at once');
      expectSame(await change({}), { ...before, securityVersion: 5 }, 'nothing');
      const found = await store.users.findCredentials({ id: ada.id });
      expectSame(found, { ...before, securityVersion: 5 }, 'findCredentials');
      const other = { user: bob, passwordHash: 'hash of Bob', securityVersion: 1 };
      expectSame(await store.users.findCredentials({ id: bob.id }), other, 'another user');
    },
  },
  {
    part: 'faithful',
    name: 'a rehash replaces the hash of this user alone, and neither it nor an update increases the version',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      await changeCredentials(store, ada.id, {});
      await store.unitOfWork.run(({ users }) => users.rehashPassword(ada.id, 'stronger'));
      const rehashed = { user: ada, passwordHash: 'stronger', securityVersion: 2 };
      expectSame(await store.users.findCredentials({ id: ada.id }), rehashed, 'after a rehash');
      const changes = { name: 'Countess', profile: { city: 'Bath' }, role: 'admin', emailVerified: true } as const;
      const user = await store.unitOfWork.run(({ users }) => users.update(ada.id, { ...changes, isActive: false }));
      expectSame(await store.users.findCredentials({ id: ada.id }), { ...rehashed, user }, 'after an update');
      const other = { user: bob, passwordHash: 'hash of Bob', securityVersion: 1 };
      expectSame(await store.users.findCredentials({ id: bob.id }), other, 'another user');
    },
  },
  {
    part: 'unique',
    name: 'a user moves to another address unless it is taken',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const email = 'countess@example.com' as Email;
      await changeCredentials(store, ada.id, { email });
      expectSame((await store.users.findCredentials({ email }))?.user.id, ada.id, 'found by the new address');
      expectSame(await store.users.findCredentials({ email: ada.email }), undefined, 'found by the old address');
      await expectRefusal(changeCredentials(store, ada.id, { email: bob.email }), 'email_taken', 'a taken address');
      const { user, securityVersion } = (await store.users.findCredentials({ id: ada.id })) ?? {};
      expectSame([user?.email, securityVersion], [email, 2], 'the address and the version after the refusal');
      await changeCredentials(store, ada.id, { email });
      await changeCredentials(store, bob.id, { email: ada.email });
      expectSame((await store.users.findById(bob.id))?.email, ada.email, 'an address that was left');
    },
  },
];
