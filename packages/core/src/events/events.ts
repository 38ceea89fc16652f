import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { DomainEvent, EventType } from '../model/domain-event.ts';

/** Hears of an event once it is committed. */
export type Subscriber = (event: DomainEvent) => void | Promise<void>;

/** Hears of a subscriber that failed. */
export type FailureListener = (error: unknown, event: DomainEvent) => void | Promise<void>;

/**
 * What the use cases did in this process, for whoever wants to know. Events are told after the commit, each once.
 * What a ring of keys does by itself stands in the audit alone.
 */
export class Events {
  readonly #subscribers = new Map<EventType | '*', Set<Subscriber>>();
  #onFailure: FailureListener = () => {};

  /**
   * Calls `subscriber` for each event of this type, or of every type for `*`. It is not waited for, and
   * what it throws hurts nobody.
   *
   * @returns ends the subscription
   */
  on(type: EventType | '*', subscriber: Subscriber): () => void {
    const subscribers = this.#subscribers.get(type) ?? new Set();
    this.#subscribers.set(type, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
    };
  }

  /** Where the errors of subscribers go; nowhere at first. Its own go nowhere. */
  onFailure(listener: FailureListener): void {
    this.#onFailure = listener;
  }

  /** Tells the subscribers. */
  publish(event: DomainEvent): void {
    for (const subscriber of [...(this.#subscribers.get(event.type) ?? []), ...(this.#subscribers.get('*') ?? [])]) {
      void this.#tell(subscriber, event);
    }
  }

  async #tell(subscriber: Subscriber, event: DomainEvent): Promise<void> {
    try {
      await subscriber(event);
    } catch (error) {
      await this.#report(error, event);
    }
  }

  async #report(error: unknown, event: DomainEvent): Promise<void> {
    try {
      await this.#onFailure(error, event);
    } catch {
      // Whoever listens to failures is the last to be told of one.
    }
  }
}

/** The same transactions, but what they append to the audit is published once they are committed. */
export function publishing(unitOfWork: UnitOfWork, events: Events): UnitOfWork {
  return {
    async run(work) {
      const { result, appended } = await unitOfWork.run(async (transaction) => {
        // Work may run more than once; what counts is what the last time appended.
        const appended: DomainEvent[] = [];
        return { result: await work(listening(transaction, appended)), appended };
      });
      for (const event of appended) events.publish(event);
      return result;
    },
  };
}

function listening(transaction: Transaction, appended: DomainEvent[]): Transaction {
  return {
    ...transaction,
    audit: {
      async append(event) {
        await transaction.audit.append(event);
        appended.push(event);
      },
      purge: (before, limit) => transaction.audit.purge(before, limit),
    },
  };
}
