import { memoryStore } from '@sallyport/adapters-memory';
import { arrangeIn } from '../src/contracts/arrange.ts';
import type { ContractCase } from '../src/contracts/index.ts';
import type { StorePorts, Transaction } from '../src/index.ts';

/** The part and name of each case that an adapter fails. */
export async function failedCases(contract: readonly ContractCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, part, run } of contract) {
    await run().catch(() => failed.push(`${part}: ${name}`));
  }
  return failed;
}

/** A memory store whose transactions have some of their ports replaced. */
export function storeWith(change: (transaction: Transaction, store: StorePorts) => Partial<Transaction>): StorePorts {
  const store = memoryStore();
  return {
    ...store,
    unitOfWork: {
      run: (work) => store.unitOfWork.run((transaction) => work({ ...transaction, ...change(transaction, store) })),
    },
  };
}

/** The store, with what the contract of a single port arranges. */
export function arranged(store: StorePorts) {
  return { ...store, arrange: arrangeIn(store) };
}

/** A store whose transactions have some of their ports replaced, ready for the contract of one port. */
export function replacing(change: (transaction: Transaction) => Partial<Transaction>) {
  return arranged(storeWith(change));
}

/** A store that reads differently, ready for the contract of one port. */
export function reading(change: (store: StorePorts) => Partial<StorePorts>) {
  const store = memoryStore();
  return arranged({ ...store, ...change(store) });
}

/** The port, with some of its methods replaced. */
export function changed<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, name) => {
      if (name in methods) return Reflect.get(methods, name);
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}
