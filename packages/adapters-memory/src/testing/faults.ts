import { type Ports, SallyportError, type Transaction, type UnitOfWork } from '@sallyport/core';

/** The methods of a port that return a promise. */
type AsyncMethod<Port> = {
  [Name in keyof Port & string]: Port[Name] extends (...input: never) => Promise<unknown> ? Name : never;
}[keyof Port & string];

/** A method of one of these ports that returns a promise, such as `mailer.send`. */
export type PortMethod<Given> = {
  [Name in keyof Given & string]: `${Name}.${AsyncMethod<Given[Name]>}`;
}[keyof Given & string];

type RepositoriesOf<Given> = Given extends { readonly unitOfWork: UnitOfWork<infer Repositories> }
  ? Repositories
  : never;

/** What can fail: a method of a port, one inside a transaction such as `transaction.audit.append`, or the commit. */
export type FaultPoint<Given> = PortMethod<Given> | `transaction.${PortMethod<RepositoriesOf<Given>>}` | 'commit';

/** Makes the ports of an application fail. The ports that the test itself calls keep working. */
export interface Faults<Given> {
  /**
   * Makes the next calls fail. If a method inside a transaction fails, the transaction is rolled back, even if the use
   * case catches the error. If the commit fails, nothing is stored. Replaces an earlier failure of the same point.
   *
   * @param error what it rejects with; `unavailable` if absent
   * @param times the number of calls that fail, one if absent; `Infinity` until `clear`
   * @throws Error when there is no such point. Names inside a transaction are checked by the next transaction
   */
  fail(point: FaultPoint<Given>, error?: Error, times?: number): void;

  /**
   * Runs `act` once, before the next call of this method. Before `unitOfWork.run`, it happens after everything that a
   * use case read and before its transaction. Replaces an earlier act of the same method.
   *
   * @throws Error when there is no such method
   */
  before(method: PortMethod<Given>, act: () => Promise<unknown>): void;

  /** Removes every failure and act that is still to come. */
  clear(): void;
}

/** The same ports, for an application, and the faults that a test gives them. */
export function withFaults<Given>(ports: Given & Ports): {
  readonly faulty: Given & Ports;
  readonly faults: Faults<Given>;
} {
  const failures = new Map<string, { readonly error: Error; left: number }>();
  const acts = new Map<string, () => Promise<unknown>>();

  /** What the test has planned for this point: it acts, and returns the error to fail with. */
  async function failureAt(point: string): Promise<Error | undefined> {
    const act = acts.get(point);
    acts.delete(point);
    await act?.();
    const failure = failures.get(point);
    if (!failure) return undefined;
    failure.left -= 1;
    if (failure.left <= 0) failures.delete(point);
    return failure.error;
  }

  /** The same parts, with the faults of their methods. A method without a planned fault is called at once. */
  function faultyParts<Parts extends object>(parts: Parts, prefix: string, onFailure?: (error: Error) => void): Parts {
    const wrap = (name: string, part: object) =>
      new Proxy(part, {
        get(target, key) {
          const method: unknown = Reflect.get(target, key);
          if (typeof method !== 'function') return method;
          const point = `${prefix}${name}.${String(key)}`;
          return (...input: unknown[]): unknown => {
            const call = (): unknown => Reflect.apply(method, target, input);
            if (!failures.has(point) && !acts.has(point)) return call();
            return failureAt(point).then((failure) => {
              if (!failure) return call();
              onFailure?.(failure);
              throw failure;
            });
          };
        },
      });
    const entries = Object.entries(parts).map(([name, part]: [string, unknown]) => [
      name,
      typeof part === 'object' && part !== null ? wrap(name, part) : part,
    ]);
    return Object.fromEntries(entries) as Parts;
  }

  const unitOfWork: UnitOfWork = {
    run: (work) =>
      ports.unitOfWork.run(async (transaction: Transaction) => {
        const inside = [...failures.keys()].filter((point) => point.startsWith(insideTransaction));
        for (const point of inside) refuseUnknown(transaction, point.slice(insideTransaction.length), point);
        let failure: Error | undefined;
        const result = await work(faultyParts(transaction, insideTransaction, (error) => (failure = error)));
        failure ??= await failureAt('commit');
        if (failure) throw failure;
        return result;
      }),
  };
  const faults: Faults<Given> = {
    fail(point: string, error = new SallyportError('unavailable'), times = 1) {
      if (point !== 'commit' && !point.startsWith(insideTransaction)) refuseUnknown(ports, point);
      failures.set(point, { error, left: times });
    },
    before(method: string, act) {
      refuseUnknown(ports, method);
      acts.set(method, act);
    },
    clear() {
      failures.clear();
      acts.clear();
    },
  };
  return { faulty: faultyParts({ ...ports, unitOfWork }, ''), faults };
}

const insideTransaction = 'transaction.';

/** A misspelt point would never fail, and the test would prove nothing. */
function refuseUnknown(parts: object, path: string, point = path): void {
  const [name = '', method = '', ...rest] = path.split('.');
  const part: unknown = Reflect.get(parts, name);
  const isKnown = typeof part === 'object' && part !== null && typeof Reflect.get(part, method) === 'function';
  if (!isKnown || rest.length > 0) throw new Error(`There is no ${point} to fail or to act before`);
}
