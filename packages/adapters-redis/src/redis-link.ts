import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { count } from './count.ts';
import { within } from './within.ts';

/** Milliseconds for an answer. Whoever asks is a request that somebody waits for. */
const answerTimeout = 400;

/** Milliseconds for a connection, and for that and the first answer together. */
const connectTimeout = 500;
const reachTimeout = 1_000;

/** Milliseconds between two attempts to find Redis again. */
const pause = 500;

/** A connection to Redis, with the command that counts. */
export type Redis = ReturnType<typeof openClient>;

/** What is to be known of a Redis that comes and goes. */
export interface RedisLinkOptions {
  /** What Redis must manage to be there: one that answers and cannot write is gone. */
  readonly prove: (redis: Redis) => Promise<unknown>;
  readonly onGone: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * A way to Redis, which is there or gone: gone from the first question on that it does not answer, and there
 * again once it has proved itself on a new connection. Meanwhile nobody waits for it.
 */
export class RedisLink {
  readonly #url: string;
  readonly #options: RedisLinkOptions;
  readonly #closing = new AbortController();
  #redis: Redis | undefined;
  #seeking: Promise<void> | undefined;

  private constructor(url: string, options: RedisLinkOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Looks for Redis once before anybody asks. It may be gone, but not wrong: see `onGone`. */
  static async open(url: string, options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(url, options);
    try {
      await link.#reach();
    } catch (error) {
      link.#beGone(error);
    }
    return link;
  }

  /** What Redis answers; what `otherwise` does where Redis is gone. */
  async ask<Answer>(
    question: (redis: Redis) => Promise<Answer>,
    otherwise: () => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const redis = this.#redis;
    if (!redis) return otherwise();
    try {
      return await within(answerTimeout, question(redis));
    } catch (error) {
      this.#lose(redis, error);
      return otherwise();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#seeking;
    this.#redis?.destroy();
    this.#redis = undefined;
  }

  async #reach(): Promise<void> {
    const redis = openClient(this.#url);
    redis.on('error', (error: unknown) => this.#lose(redis, error));
    try {
      await within(
        reachTimeout,
        redis.connect().then(() => this.#options.prove(redis)),
      );
    } catch (error) {
      redis.destroy();
      throw error;
    }
    this.#redis = redis;
  }

  /** Of all who wait for an answer on this connection, the first to miss it says that it is lost. */
  #lose(redis: Redis, error: unknown): void {
    if (this.#redis !== redis) return;
    this.#redis = undefined;
    redis.destroy();
    this.#beGone(error);
  }

  #beGone(error: unknown): void {
    this.#seeking = this.#seek();
    this.#options.onGone(error);
  }

  async #seek(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.#redis) {
      await delay(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#reach().catch(() => {});
    }
    this.#options.onBack();
  }
}

/** One connection, that is not mended: a client that waits and tries again by itself would have requests wait with it. */
function openClient(url: string) {
  return createClient({
    url,
    scripts: { count },
    RESP: 2,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // The client's own timeout ends with the sending of a command, which is where ours begins to matter.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout, reconnectStrategy: false },
  });
}
