import type { MemoryStore } from '@sallyport/adapters-memory';
import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import { httpPosts } from '@sallyport/http-api/posts';
import type { Ports, StorePorts } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';

const blog = posts({ author: ['city'] });

/** The modules of this server. */
export const modules = [blog];

/** Their routes. */
export const httpModules = [httpPosts(blog)];

/** Their parts of a store in memory. */
export const memoryParts = [memoryPosts] as const;

/** Their parts of a store on Postgres. */
export const postgresParts = [postgresPosts] as const;

/** The ports of this server: those of the core, and those of its modules. */
export type ServerPorts = Omit<Ports, keyof StorePorts> & ServerStore;

/** The ports that its store implements. */
export type ServerStore = MemoryStore<typeof memoryParts>;

/** The name of each port of a module. A missing port does not compile. */
export const modulePortNames: { readonly [Name in Exclude<keyof ServerPorts, keyof Ports>]: Name } = { posts: 'posts' };
