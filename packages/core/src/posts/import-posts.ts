import * as v from 'valibot';
import {
  CreationTime,
  ExternalId,
  futureIssue,
  Id,
  importInput,
  ImportOutput,
  type ImportResult,
  ImportRun,
  type Ports,
  type ReadRecord,
  readRecords,
  refused,
  type Transaction,
  type UnitOfWork,
  useCase,
  type UserId,
  type ValidationIssue,
} from '../index.ts';
import { type Post, StoredContent, StoredTitle } from './post.ts';
import type { ImportedPost, PostsTransaction } from './posts.ts';

/** A post as an import reads it. `null` counts as absent. */
export const postRecord = v.object({
  id: v.nullish(Id),
  /** The author's id, or the external id that the author was imported with. */
  authorId: v.nullish(Id),
  authorExternalId: v.nullish(ExternalId),
  title: StoredTitle,
  content: StoredContent,
  published: v.nullish(v.boolean(), false),
  /** The time of the import if absent. */
  createdAt: v.nullish(CreationTime),
});

/** A post for an import. */
export type PostRecord = v.InferInput<typeof postRecord>;

type ReadPostRecord = ReadRecord<v.InferOutput<typeof postRecord>>;
type Importing = Pick<Transaction, 'users'> & PostsTransaction;

type Needs = Pick<Ports, 'clock'> & { readonly unitOfWork: UnitOfWork<Importing> };

/**
 * Imports posts of accounts that exist, and returns what became of each. A post that an earlier call imported is
 * recognised, by its id or else by its author, time, title and content. It stays as it is, so a call can be repeated.
 */
export const importPosts = useCase({
  caller: 'system',
  input: importInput<PostRecord>(),
  output: ImportOutput,
  errors: [],
  async run({ unitOfWork, clock }: Needs, _, { records, run = new ImportRun() }) {
    const now = clock.now();
    const { read, results } = await readRecords(records, run, {
      kind: 'post',
      schema: postRecord,
      keysOf: ({ id }) => ({ id: id ?? undefined }),
      issueOf: ({ id, createdAt, authorId, authorExternalId }) =>
        futureIssue(createdAt ?? undefined, now) ?? referenceIssue({ authorId, authorExternalId, id, createdAt }),
    });
    const stored = await unitOfWork.run((transaction) => storeAll(transaction, read, now, run));
    for (const [{ index }, result] of stored) results[index] = result;
    run.add(read.flatMap(({ keys }) => [...keys.values()]));
    return { results: results as ImportResult[] };
  },
});

function referenceIssue({
  id,
  createdAt,
  authorId,
  authorExternalId,
}: Pick<v.InferOutput<typeof postRecord>, 'id' | 'createdAt' | 'authorId' | 'authorExternalId'>):
  | ValidationIssue
  | undefined {
  if (!authorId === !authorExternalId) {
    return { path: ['authorId'], message: 'Exactly one of author_id and author_external_id is required' };
  }
  if (id || createdAt) return undefined;
  return { path: ['id'], message: 'A post needs an id or created_at, by which a later import recognises it' };
}

async function storeAll(
  { users, posts }: Importing,
  read: readonly ReadPostRecord[],
  now: Date,
  run: ImportRun,
): Promise<Map<ReadPostRecord, ImportResult>> {
  const results = new Map<ReadPostRecord, ImportResult>();
  const authorOf = await lockAuthors(users, read);
  const drafts = new Map<ReadPostRecord, ImportedPost>();
  for (const one of read) {
    const authorId = authorOf(one);
    if (authorId !== undefined) drafts.set(one, toPost(one, authorId, now));
    else if (isExpected(one, run)) results.set(one, { outcome: 'imported' });
    else results.set(one, refused({ path: [authorField(one)], message: 'No account has it' }));
  }
  const found = await posts.findAny({
    ids: [...drafts.values()].flatMap(({ id }) => id ?? []),
    authorIds: [...new Set([...drafts.values()].map(({ authorId }) => authorId))],
    createdAt: read.flatMap(({ record: { createdAt } }) => createdAt ?? []),
  });
  const stored = new Stored(found);
  const fresh: [ReadPostRecord, ImportedPost][] = [];
  for (const [one, draft] of drafts) {
    const met = stored.meet(one, draft);
    if (met) results.set(one, met);
    else if (run.dryRun) results.set(one, { outcome: 'imported' });
    else fresh.push([one, draft]);
  }
  const ids = fresh.length > 0 ? await posts.import(fresh.map(([, draft]) => draft)) : [];
  for (const [position, [one]] of fresh.entries()) {
    const id = ids[position];
    results.set(one, id === undefined ? idTaken : { outcome: 'imported', id });
  }
  return results;
}

const idTaken = refused({ path: ['id'], message: 'Belongs to another post' });

/** Locks the authors that exist, and returns how to look up that of a record. */
async function lockAuthors(users: Importing['users'], read: readonly ReadPostRecord[]) {
  const externalIds = new Set(read.flatMap(({ record: { authorExternalId } }) => authorExternalId ?? []));
  const found = await users.findAny({ ids: [], emails: [], externalIds: [...externalIds] });
  const byExternalId = new Map(found.map(({ user }) => [user.externalId, user.id]));
  const idOf = ({ record: { authorId, authorExternalId } }: ReadPostRecord): UserId | undefined =>
    authorId ?? byExternalId.get(authorExternalId ?? undefined);
  const locked = new Set(await users.lockAll(read.flatMap((one) => idOf(one) ?? [])));
  return (one: ReadPostRecord) => {
    const id = idOf(one);
    return id !== undefined && locked.has(id) ? id : undefined;
  };
}

const authorField = ({ record }: ReadPostRecord) => (record.authorId ? 'authorId' : 'authorExternalId');

function isExpected({ record: { authorId, authorExternalId } }: ReadPostRecord, run: ImportRun): boolean {
  if (authorId) return run.expects({ id: authorId });
  return authorExternalId ? run.expects({ externalId: authorExternalId }) : false;
}

function toPost({ record }: ReadPostRecord, authorId: UserId, now: Date): ImportedPost {
  const { id, title, content, published, createdAt } = record;
  return { id: id ?? undefined, title, content, published, authorId, createdAt: createdAt ?? now };
}

/** Posts that are stored, as a record may meet them. */
class Stored {
  readonly #byId: ReadonlyMap<number, Post>;
  readonly #byText: ReadonlyMap<string, Post>;

  constructor(found: readonly Post[]) {
    this.#byId = new Map(found.map((post) => [post.id, post]));
    this.#byText = new Map(found.map((post) => [textOf(post), post]));
  }

  /** What becomes of a record whose post, or whose id, is there already. */
  meet({ record }: ReadPostRecord, draft: ImportedPost): ImportResult | undefined {
    if (draft.id === undefined) {
      const same = this.#byText.get(textOf(draft));
      return same && { outcome: 'present', id: same.id };
    }
    const holder = this.#byId.get(draft.id);
    if (!holder) return undefined;
    // A post keeps its author and its time, whatever else is changed.
    const isSame = record.createdAt
      ? holder.authorId === draft.authorId && Number(holder.createdAt) === Number(draft.createdAt)
      : textOf(holder) === textOf({ ...draft, createdAt: holder.createdAt });
    return isSame ? { outcome: 'present', id: holder.id } : idTaken;
  }
}

const textOf = ({ authorId, createdAt, title, content }: ImportedPost) =>
  JSON.stringify([authorId, createdAt, title, content]);
