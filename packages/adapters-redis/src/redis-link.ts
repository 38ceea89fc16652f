import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { count } from './count.ts';
import { within } from './within.ts';

/** Maximum wait for an answer in milliseconds. A client waits for it. */
const answerTimeout = 400;

/** Milliseconds for a connection, and for the connection and the first answer together. */
const connectTimeout = 500;
const reachTimeout = 1_000;

/** Milliseconds between two attempts to reconnect. */
const pause = 500;

/** A connection to Redis, with the command that counts. */
export type Redis = ReturnType<typeof openClient>;

/** The options of a connection to a Redis that may fail. */
export interface RedisLinkOptions {
  /** What Redis must be able to do. If it answers but cannot write, it counts as gone. */
  readonly prove: (redis: Redis) => Promise<unknown>;
  readonly onGone: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * A connection to Redis that may fail and come back. Redis counts as gone from the first request that it does not
 * answer in time, until it has proved itself on a new connection. Meanwhile, no caller waits for it.
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

  /** Tries to connect once, before the first request. It also succeeds without Redis, and then calls `onGone`. */
  static async open(url: string, options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(url, options);
    try {
      await link.#reach();
    } catch (error) {
      link.#beGone(error);
    }
    return link;
  }

  /** Returns the answer of Redis, or the result of `otherwise` if Redis is gone. */
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

  /** Several callers may wait on this connection. The first to miss its answer declares it lost. */
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

/** One connection, which does not reconnect. A client that reconnects by itself would make requests wait with it. */
function openClient(url: string) {
  return createClient({
    url,
    scripts: { count },
    RESP: 2,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // The client's own timeout covers only the sending of a command. The timeout here covers the answer.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout, reconnectStrategy: false },
  });
}
