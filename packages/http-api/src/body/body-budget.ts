import { addressBlock, SallyportError } from '@sallyport/core';
import type { TakeBytes } from '../messages.ts';

/** How much memory the bodies of all requests may take, in bytes. */
export interface BodyBudgetOptions {
  /** For all bodies together. */
  readonly total: number;
  /** For all bodies of one client. */
  readonly perClient: number;
  /** What each body may take without being counted, so that small bodies are accepted while the budget is used up. */
  readonly uncounted: number;
}

/** The memory of one body, as sent and inflated. */
interface BodyAllowance {
  /** Counts bytes. When it throws, it has not counted them. */
  readonly take: TakeBytes;
  /** Gives everything back. */
  release(): void;
}

/** A budget for the memory of bodies. It returns the allowance of a new body of a client, whatever names the client. */
export type BodyBudget = (client: string) => BodyAllowance;

/** Makes a budget of which nothing is used. */
export function bodyBudget({ total, perClient, uncounted }: BodyBudgetOptions): BodyBudget {
  let used = 0;
  const usedBy = new Map<string, number>();

  function use(client: string, bytes: number): void {
    used += bytes;
    const ofClient = (usedBy.get(client) ?? 0) + bytes;
    if (ofClient > 0) usedBy.set(client, ofClient);
    else usedBy.delete(client);
  }

  return (client) => {
    let size = 0;
    let counted = 0;
    return {
      take(bytes) {
        const more = Math.max(0, size + bytes - uncounted) - counted;
        const isTooMuch = used + more > total || (usedBy.get(client) ?? 0) + more > perClient;
        if (more > 0 && isTooMuch) throw new SallyportError('unavailable');
        size += bytes;
        counted += more;
        use(client, more);
      },
      release() {
        use(client, -counted);
        size = 0;
        counted = 0;
      },
    };
  };
}

const budget = bodyBudget({ total: 64 * 1_048_576, perClient: 8 * 1_048_576, uncounted: 16_384 });

/**
 * The allowance of a new body in this process, by its client's address. Bodies of at most 16 KiB are not counted: the
 * maximum number of connections bounds them. One client can use an eighth, so that it cannot have the large bodies of
 * all others refused. All addresses of an IPv6 network of 64 bits are one client.
 */
export function allowanceFor(clientAddress: string): BodyAllowance {
  return budget(addressBlock(clientAddress));
}
