import * as v from 'valibot';
import { type Anyone, isAdmin, isMember, type Member } from '../model/caller.ts';
import { parse } from '../model/input.ts';
import { type Page, pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostFilter } from '../ports/posts.ts';
import { PostView, toPostView } from '../model/post.ts';

export const ListPostsInput = v.object({ ...pageEntries, published: v.optional(v.boolean()) });
export const ListMyPostsInput = v.object(pageEntries);

/** `canReadPost`, said to a store. */
function readableBy(caller: Anyone): PostFilter {
  if (isAdmin(caller)) return {};
  return isMember(caller) ? { draftsOf: caller.user.id } : { published: true };
}

type Needs = Pick<Ports, 'posts'>;

/** The posts that the caller may read, newest first. */
export class ListPosts {
  static readonly caller = 'anyone';
  static readonly input = ListPostsInput;
  static readonly output = pageOf(PostView);

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof ListPostsInput>): Promise<Page<PostView>> {
    const { published, ...page } = parse(ListPostsInput, input);
    const readable = readableBy(caller);
    if (published === false && readable.published) return { items: [] };
    const filter = published === undefined ? readable : { ...readable, published };
    return readPage(page, (rows) => this.#ports.posts.list(filter, rows), toPostView);
  }
}

/** The caller's own posts, drafts too, newest first. */
export class ListMyPosts {
  static readonly caller = 'member';
  static readonly input = ListMyPostsInput;
  static readonly output = pageOf(PostView);

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof ListMyPostsInput>): Promise<Page<PostView>> {
    const page = parse(ListMyPostsInput, input);
    return readPage(page, (rows) => this.#ports.posts.list({ authorId: caller.user.id }, rows), toPostView);
  }
}
