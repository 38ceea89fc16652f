import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { DomainEvent } from '../model/domain-event.ts';
import type { EventType } from '../model/event-types.ts';
import { unstorableFact } from '../model/json.ts';

/** Receives an event once it is committed. */
export type Subscriber = (event: DomainEvent) => void | Promise<void>;

/** Receives the error of a subscriber that failed. */
export type FailureListener = (error: unknown, event: DomainEvent) => void | Promise<void>;

/**
 * Reports what the use cases did in this process. Each event is published once, after its commit. Changes that a key
 * ring makes by itself appear only in the audit.
 */
export class Events {
  readonly #subscribers = new Map<EventType | '*', Set<Subscriber>>();
  readonly #known: ReadonlySet<EventType> | undefined;
  #onFailure: FailureListener = () => {};

  /** @param known the types that can be published; any if absent */
  constructor(known?: readonly EventType[]) {
    this.#known = known && new Set(known);
  }

  /**
   * Calls `subscriber` for each event of this type, or of every type for `*`. The use case does not wait for the
   * subscriber, and its errors are isolated. Each subscriber gets its own copy of the event.
   *
   * @returns ends the subscription
   * @throws Error when there is no event of this type: a misspelt one would never come; or if the subscriber is no
   *   function
   */
  on(type: EventType | '*', subscriber: Subscriber): () => void {
    if (type !== '*' && this.#known?.has(type) === false) throw new Error(`There is no event of the type "${type}"`);
    if (typeof subscriber !== 'function') throw new Error('A subscriber must be a function');
    const subscribers = this.#subscribers.get(type) ?? new Set();
    this.#subscribers.set(type, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
    };
  }

  /**
   * Sets the listener for errors of subscribers; at first there is none. Errors of the listener itself are dropped.
   *
   * @throws Error if the listener is no function
   */
  onFailure(listener: FailureListener): void {
    if (typeof listener !== 'function') throw new Error('A listener must be a function');
    this.#onFailure = listener;
  }

  /** Passes an event to its subscribers. */
  publish(event: DomainEvent): void {
    for (const subscriber of [...(this.#subscribers.get(event.type) ?? []), ...(this.#subscribers.get('*') ?? [])]) {
      void this.#tell(subscriber, event);
    }
  }

  async #tell(subscriber: Subscriber, event: DomainEvent): Promise<void> {
    try {
      await subscriber(copyOf(event));
    } catch (error) {
      await this.#report(error, event);
    }
  }

  async #report(error: unknown, event: DomainEvent): Promise<void> {
    try {
      await this.#onFailure(error, copyOf(event));
    } catch {
      // A failure of the failure listener has no other listener to go to.
    }
  }
}

/** The event, in objects that no other receiver has. */
function copyOf(event: DomainEvent): DomainEvent {
  return { ...event, at: new Date(event.at), detail: { ...event.detail } };
}

/**
 * The same transactions. The events that they append to the audit are published once they are committed. An event of
 * another type than these, or whose detail cannot be stored, is refused.
 */
export function publishing(
  unitOfWork: UnitOfWork,
  events: Pick<Events, 'publish'>,
  types: readonly EventType[],
): UnitOfWork {
  const known = new Set(types);
  return {
    async run(work) {
      const { result, appended } = await unitOfWork.run(async (transaction) => {
        // Work may run more than once. Only the events of its last run count.
        const appended: DomainEvent[] = [];
        return { result: await work(listening(transaction, known, appended)), appended };
      });
      for (const event of appended) events.publish(event);
      return result;
    },
  };
}

function listening(transaction: Transaction, known: ReadonlySet<EventType>, appended: DomainEvent[]): Transaction {
  const refuseUnusable = ({ type, detail }: DomainEvent) => {
    if (!known.has(type)) throw new Error(`No module declares "${type}"`);
    const name = unstorableFact(detail);
    if (name === undefined) return;
    throw new Error(`The detail "${name}" of "${type}" is no text, number or boolean that can be stored`);
  };
  return {
    ...transaction,
    audit: {
      async append(event) {
        refuseUnusable(event);
        await transaction.audit.append(event);
        appended.push(event);
      },
      async appendAll(events) {
        for (const event of events) refuseUnusable(event);
        await transaction.audit.appendAll(events);
        appended.push(...events);
      },
      purge: (before, limit) => transaction.audit.purge(before, limit),
    },
  };
}
