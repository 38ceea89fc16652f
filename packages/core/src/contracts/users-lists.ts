import type { Email } from '../model/email.ts';
import type { UserFilter } from '../ports/users.ts';
import type { PortPromise } from './contract.ts';
import { expectSame } from './expect.ts';
import { firstPage } from './samples.ts';
import { addUser, type UsersInstance } from './users-instance.ts';

/** The names of the users that match a filter. */
async function namesOf({ users }: UsersInstance, filter: UserFilter): Promise<readonly string[]> {
  return (await users.list(filter, firstPage)).map(({ name }) => name);
}

/** Expects each of these searches to find these users. */
async function expectFound(store: UsersInstance, searches: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [search, names] of Object.entries(searches)) {
    expectSame(await namesOf(store, { search }), names, `list, searched for ${JSON.stringify(search)}`);
  }
}

/** Characters that have a meaning in a query, and characters without any meaning. */
const oddities = [
  "' '' \" \\ \\\\ & && | || ! : :* * % _ ( ) <-> -- ; $ ? {} [ ^ ~ ` . @ #".split(' '),
  ['🜁', '\u0301', '\u0301\u0308', '\u200d', '…', '€', ' | '],
].flat();

/** What `Users` promises about lists. */
export const usersLists: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'faithful',
    name: 'users are listed by ascending id, page by page',
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
    name: 'a list of users contains those that match its filter',
    async holds(store) {
      await addUser(store, 'Ada', { role: 'admin', externalId: 'a-1' });
      await addUser(store, 'Bob', { isActive: false, emailVerified: true, externalId: 'A-1' });
      await addUser(store, 'Cid', { role: 'admin', isActive: false });
      const list = (filter: UserFilter) => namesOf(store, filter);
      expectSame(await list({ isActive: true }), ['Ada'], 'active');
      expectSame(await list({ isActive: false }), ['Bob', 'Cid'], 'inactive');
      expectSame(await list({ role: 'admin' }), ['Ada', 'Cid'], 'admins');
      expectSame(await list({ role: 'user' }), ['Bob'], 'users');
      expectSame(await list({ emailVerified: true }), ['Bob'], 'verified');
      expectSame(await list({ emailVerified: false }), ['Ada', 'Cid'], 'not verified');
      expectSame(await list({ externalId: 'a-1' }), ['Ada'], 'by external id');
      expectSame(await list({ externalId: 'a' }), [], 'by the beginning of an external id');
      expectSame(await list({ role: 'admin', isActive: false }), ['Cid'], 'inactive admins');
      expectSame(await list({ search: 'example', role: 'admin' }), [], 'admins that no search finds');
      expectSame(await list({ search: 'ci', role: 'admin', isActive: false }), ['Cid'], 'a search among them');
      expectSame(await list({ search: 'ci', role: 'user' }), [], 'a search among others');
    },
  },
  {
    part: 'faithful',
    name: 'a search finds users by the beginning of their address or of any word of their name',
    async holds(store) {
      await addUser(store, 'Ada King-Noel', { email: 'countess.lovelace@example.com' as Email });
      await addUser(store, 'Grace Hopper', { email: 'amazing@example.org' as Email });
      await addUser(store, 'Bob Ada', { email: 'bob@example.com' as Email });
      await expectFound(store, {
        ada: ['Ada King-Noel', 'Bob Ada'],
        a: ['Ada King-Noel', 'Grace Hopper', 'Bob Ada'],
        ADA: ['Ada King-Noel', 'Bob Ada'],
        hop: ['Grace Hopper'],
        noel: ['Ada King-Noel'],
        'king ada': ['Ada King-Noel'],
        'b a': ['Bob Ada'],
        ' ada ': ['Ada King-Noel', 'Bob Ada'],
        'king hopper': [],
        opper: [],
        adam: [],
        'countess.l': ['Ada King-Noel'],
        'AMAZING@EXAMPLE.ORG': ['Grace Hopper'],
        'bob@': ['Bob Ada'],
        lovelace: [],
        'example.com': [],
        'bob@example.com ada': [],
      });
    },
  },
  {
    part: 'faithful',
    name: 'a search ignores case, accents and the composition of letters',
    async holds(store) {
      await addUser(store, 'ÉMILE Zoë', { email: 'a@example.com' as Email });
      await addUser(store, 'Zoe\u0308', { email: 'b@example.com' as Email });
      await addUser(store, 'Grüße', { email: 'c@example.com' as Email });
      await addUser(store, 'Søren Łuk', { email: 'd@example.com' as Email });
      await addUser(store, 'ΟΔΟΣ', { email: 'e@example.com' as Email });
      await addUser(store, 'Ｗｉｄｅ', { email: 'f@example.com' as Email });
      await addUser(store, 'ﬁnn co\u00adoper', { email: 'g@example.com' as Email });
      const zoes = ['ÉMILE Zoë', 'Zoe\u0308'];
      await expectFound(store, {
        emi: ['ÉMILE Zoë'],
        émi: ['ÉMILE Zoë'],
        'e\u0301mi': ['ÉMILE Zoë'],
        zoe: zoes,
        ZOË: zoes,
        'zoe\u0308': zoes,
        'zo\u0301e': zoes,
        grüss: ['Grüße'],
        GRUẞ: ['Grüße'],
        soren: ['Søren Łuk'],
        luk: ['Søren Łuk'],
        οδοσ: ['ΟΔΟΣ'],
        οδος: ['ΟΔΟΣ'],
        wide: ['Ｗｉｄｅ'],
        ｗｉ: ['Ｗｉｄｅ'],
        fi: ['ﬁnn co\u00adoper'],
        'ﬁn coop': ['ﬁnn co\u00adoper'],
        'c\u200doo': ['ﬁnn co\u00adoper'],
      });
    },
  },
  {
    part: 'faithful',
    name: 'a search takes every character literally',
    async holds(store) {
      await addUser(store, "O'Neil", { email: "o'n%_&|!*{x}@example.com" as Email });
      await addUser(store, 'A_B\\C:*', { email: 'a@example.com' as Email });
      await addUser(store, '100%', { email: 'b@example.com' as Email });
      await addUser(store, '🜁 Air', { email: 'c@example.com' as Email });
      await expectFound(store, Object.fromEntries(oddities.map((search) => [search, []])));
      await expectFound(store, {
        "o'n": ["O'Neil"],
        "o'n%_&|!*{x}@": ["O'Neil"],
        o_n: ["O'Neil"],
        "o'nx": [],
        "o'n%x": [],
        'a_b\\c:*': ['A_B\\C:*'],
        'b & c': ['A_B\\C:*'],
        'b & !c': ['A_B\\C:*'],
        'b | air': [],
        '100%': ['100%'],
        '10%': ['100%'],
        '🜁 air': ['🜁 Air'],
        'a\u0301ir': ['🜁 Air'],
      });
      for (const search of ['㌖'.repeat(254), 'ﷺ'.repeat(254), "'".repeat(254), 'x'.repeat(254)]) {
        expectSame(await namesOf(store, { search }), [], `list, searched for 254 times ${search.charAt(0)}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a search finds users by their present name and address',
    async holds(store) {
      const { id } = await addUser(store, 'Ada Byron', { email: 'ada@example.com' as Email });
      await store.unitOfWork.run(async ({ users }) => {
        await users.changeCredentials(id, { email: 'countess@example.com' as Email });
        await users.update(id, { name: 'Lady Lovelace' });
      });
      const present = ['Lady Lovelace'];
      await expectFound(store, { byron: [], ada: [], 'ada@': [], lovelace: present, 'countess@': present });
      await store.unitOfWork.run(({ users }) => users.changeCredentials(id, { email: 'lady@example.com' as Email }));
      await expectFound(store, { 'countess@': [], 'lady@': present, love: present });
    },
  },
];
