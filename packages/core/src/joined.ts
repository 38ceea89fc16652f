import { type Events, publishing } from './events/events.ts';
import type { DomainEvent } from './model/domain-event.ts';
import { refuseIncomplete } from './given-ports.ts';
import { buildAll, installed, type JoinedTable, type UseCaseTable } from './module.ts';
import { portMethods, type Ports, type StorePorts, storePortMethods } from './ports/ports.ts';
import type { Surroundings } from './use-case.ts';

/** The modules and the end of a transaction of the host. */
export interface JoinedTransaction {
  /** The use cases of a module inside the same transaction. */
  use<Of extends UseCaseTable>(module: { readonly name: string; readonly useCases: Of }): JoinedTable<Of>;
  /**
   * Gives the events of the transaction to the subscribers, each of them once. Call it after the host's commit. If the
   * host rolls back, or its process ends first, the subscribers receive nothing.
   */
  committed(): void;
}

/** What use cases inside a transaction of the host are built from. */
export interface Joining<Core extends UseCaseTable> {
  readonly core: Core;
  readonly modules: readonly { readonly name: string; readonly useCases: UseCaseTable }[];
  readonly store: StorePorts;
  readonly ports: Ports;
  readonly surroundings: Surroundings;
  readonly events: Pick<Events, 'publish'>;
}

/** Builds the use cases that can run inside a transaction of the host. */
export function joinedApplication<const Core extends UseCaseTable>(
  joining: Joining<Core>,
): JoinedTable<Core> & JoinedTransaction {
  const { core, modules, store, surroundings, events } = joining;
  const ofModules = Object.keys(joining.ports).filter((name) => !isOfCore(name));
  refuseIncomplete('The store of the transaction', store, {
    ...storePortMethods,
    ...Object.fromEntries(ofModules.map((name) => [name, []])),
  });
  const pending: DomainEvent[] = [];
  const later = { publish: (event: DomainEvent) => void pending.push(event) };
  const unitOfWork = publishing(store.unitOfWork, later, surroundings.policy.eventTypes);
  const ports = { ...joining.ports, ...store, unitOfWork };
  const built = new Map(
    modules.map(({ name, useCases }) => [name, buildAll(joinableOf(useCases), ports, surroundings, name)]),
  );
  return {
    ...(buildAll(joinableOf(core), ports, surroundings) as JoinedTable<Core>),
    use<Of extends UseCaseTable>({ name, useCases }: { readonly name: string; readonly useCases: Of }) {
      return installed(built.get(name), name, joinableOf(useCases)) as JoinedTable<Of>;
    },
    committed() {
      for (const event of pending.splice(0)) events.publish(event);
    },
  };
}

const isOfCore = (name: string) => Object.hasOwn(portMethods, name);

function joinableOf(cases: UseCaseTable): UseCaseTable {
  return Object.fromEntries(Object.entries(cases).filter(([, { joinable }]) => joinable === true));
}
