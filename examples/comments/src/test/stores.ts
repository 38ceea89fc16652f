import { randomUUID } from 'node:crypto';
import { type MemoryStore, memoryStore } from '@sallyport/adapters-memory';
import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { migrate, openPg, postgresStore } from '@sallyport/adapters-postgres';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import sql, { raw } from 'sql-template-tag';
import { memoryComments } from '../memory.ts';
import { postgresComments } from '../postgres.ts';

const memoryParts = [memoryPosts, memoryComments] as const;
const postgresParts = [postgresPosts, postgresComments] as const;

/** A store with posts and comments. */
export type CommentsStore = MemoryStore<typeof memoryParts>;

/** Where stores are opened, each of them empty and unrelated to the others. */
export interface Stores {
  open(): Promise<CommentsStore>;
  close(): Promise<void>;
}

const inMemory = (): Stores => ({
  open: async () => memoryStore(memoryParts),
  close: async () => {},
});

/** Each store is a schema of its own in the database at DATABASE_URL. */
function onPostgres(): Stores {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('Set DATABASE_URL to a database for tests');
  const opened: ReturnType<typeof openPg>[] = [];
  return {
    async open() {
      const database = openPg(url, { schema: `comments_${randomUUID()}`, maxConnections: 4 });
      opened.push(database);
      await migrate(database, postgresParts);
      return postgresStore(database, postgresParts);
    },
    async close() {
      for (const database of opened) {
        await database.query(sql`drop schema ${raw(`"${database.schema}"`)} cascade`);
        await database.close();
      }
    },
  };
}

/** Every kind of store, by its name. */
export const kindsOfStores: readonly (readonly [string, () => Stores])[] = [
  ['memory', inMemory],
  ['Postgres', onPostgres],
];
