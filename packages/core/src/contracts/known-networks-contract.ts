import type { Email } from '../model/email.ts';
import { secondsAfter } from '../model/policy.ts';
import type { User, UserId } from '../model/user.ts';
import type { KnownNetworks } from '../ports/known-networks.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `KnownNetworks` for its contract. */
export interface KnownNetworksInstance {
  readonly knownNetworks: KnownNetworks;
  readonly unitOfWork: UnitOfWorkOn<'knownNetworks'>;
  readonly arrange: ArrangeUsers;
}

/** What `KnownNetworks` and `WritableKnownNetworks` promise. */
export function knownNetworksContract(open: Open<KnownNetworksInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

const networks = ['203.0.113.0/24', '2001:db8:1::/48', '198.51.100.0/24'] as const;
const [home, office, cafe] = networks;

/** More networks than an account remembers in any of these cases. */
const many = 100;

async function remember(
  { unitOfWork }: KnownNetworksInstance,
  userId: UserId,
  network: string,
  until: Date,
  keep = many,
): Promise<void> {
  await unitOfWork.run(({ knownNetworks }) => knownNetworks.remember(userId, network, until, keep));
}

/** Those of the networks that the account knows at this moment. */
async function known(
  { knownNetworks }: Pick<KnownNetworksInstance, 'knownNetworks'>,
  { email }: Pick<User, 'email'>,
  at = noon,
): Promise<readonly string[]> {
  const found = await Promise.all(networks.map((network) => knownNetworks.isKnown(email, network, at)));
  return networks.filter((_, index) => found[index]);
}

const inTransactions = transactionPromises<Pick<Transaction, 'knownNetworks'>, KnownNetworksInstance>('a network', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return [({ knownNetworks }) => knownNetworks.remember(id, home, later, many)];
  },
  look: (store) => known(store, newUser('Ada')),
  shown: [home],
  reads: ({ knownNetworks }) => [() => knownNetworks.isKnown(newUser('Ada').email, home, noon)],
});

const promises: readonly PortPromise<KnownNetworksInstance>[] = [
  {
    part: 'faithful',
    name: 'a network is known to its account alone, until its moment has come',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      expectSame(await known(store, ada), [], 'the networks of an account that remembers none');
      await remember(store, ada.id, home, later);
      await remember(store, ada.id, office, later);
      await remember(store, bob.id, cafe, later);
      expectSame(await known(store, ada), [home, office], 'the networks of an account');
      expectSame(await known(store, bob), [cafe], 'the networks of another account');
      expectSame(await known(store, { email: 'unknown@example.com' as Email }), [], 'the networks of no account');
      expectSame(await known(store, ada, secondsAfter(later, -1)), [home, office], 'a second before their moment');
      expectSame(await known(store, ada, later), [], 'at their moment');
    },
  },
  {
    part: 'faithful',
    name: 'a network is remembered for the longest time that was asked for',
    async holds(store) {
      const ada = await store.arrange.user(newUser('Ada'));
      await remember(store, ada.id, home, secondsAfter(noon, 10));
      await remember(store, ada.id, home, later);
      await remember(store, ada.id, home, secondsAfter(noon, 20));
      expectSame(await known(store, ada, secondsAfter(later, -1)), [home], 'the networks a second before the end');
    },
  },
  {
    part: 'faithful',
    name: 'of more networks than are kept, others with the shortest time are forgotten, of this account alone',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      await remember(store, bob.id, home, secondsAfter(noon, 1));
      await remember(store, ada.id, home, secondsAfter(noon, 20));
      await remember(store, ada.id, office, secondsAfter(noon, 10));
      await remember(store, ada.id, cafe, secondsAfter(noon, 30), 2);
      expectSame(await known(store, ada), [home, cafe], 'two of three networks');
      await remember(store, ada.id, office, secondsAfter(noon, 5), 2);
      expectSame(await known(store, ada), [office, cafe], 'the networks, after another one with a shorter time');
      expectSame(await known(store, bob), [home], 'the networks of another account');
    },
  },
  {
    part: 'faithful',
    name: 'a network is known to no account once its account is deleted',
    async holds(store) {
      const ada = await store.arrange.user(newUser('Ada'));
      await remember(store, ada.id, home, later);
      expectSame(await known(store, ada), [home], 'the networks of an account');
      await store.arrange.deleteUser(ada.id);
      expectSame(await known(store, ada), [], 'the networks of a deleted account');
      const again = await store.arrange.user(newUser('Ada'));
      expectSame(await known(store, again), [], 'the networks of a later account with the same address');
    },
  },
  {
    part: 'faithful',
    name: 'networks are purged in batches once their moment has come',
    async holds(store) {
      const ada = await store.arrange.user(newUser('Ada'));
      for (const network of networks.slice(1)) await remember(store, ada.id, network, noon);
      await remember(store, ada.id, home, later);
      const purge = (at: Date) => store.unitOfWork.run(({ knownNetworks }) => knownNetworks.purge(at, 1));
      expectSame(await purge(secondsAfter(noon, -1)), 0, 'purge, before their moment');
      expectSame([await purge(noon), await purge(noon), await purge(noon)], [1, 1, 0], 'purge of at most 1, each time');
      expectSame(await known(store, ada), [home], 'the network that stays');
    },
  },
  {
    part: 'faithful',
    name: 'all networks of one account are purged in batches',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      for (const network of networks) await remember(store, ada.id, network, later);
      await remember(store, bob.id, home, later);
      const purge = () => store.unitOfWork.run(({ knownNetworks }) => knownNetworks.purgeAllOf(ada.id, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purgeAllOf of at most 2, each time');
      expectSame(await known(store, bob), [home], 'the networks of another account');
    },
  },
  {
    part: 'once',
    name: 'a network that twenty callers remember at once is remembered once',
    async holds(store) {
      const ada = await store.arrange.user(newUser('Ada'));
      const outcomes = await race(() => remember(store, ada.id, home, later));
      expectSame(fulfilled(outcomes).length, 20, 'callers that were not rejected');
      const purged = await store.unitOfWork.run(({ knownNetworks }) => knownNetworks.purgeAllOf(ada.id, many));
      expectSame(purged, 1, 'the networks of the account');
    },
  },
];
