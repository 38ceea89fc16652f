import type { PortMethods } from './ports/ports.ts';

/**
 * These ports as one record. A host may provide them as properties, as getters or as members of a class, whose methods
 * are no ports.
 */
export function allPorts<Given extends object>(given: Given): Given {
  const names = new Set(Object.keys(Object(given) as object));
  for (const level of levelsOf(Object(given) as object)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (typeof given[name as keyof Given] === 'object') names.add(name);
    }
  }
  return Object.fromEntries([...names].map((name) => [name, given[name as keyof Given]])) as Given;
}

/** An object and its prototypes, without the one that every object has. */
function levelsOf(object: object): readonly object[] {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return prototype ? [object, ...levelsOf(prototype)] : [];
}

/**
 * Checks that there are these ports, with these methods.
 *
 * @throws Error that names every port that is missing or, if none is, every method
 */
export function refuseIncomplete(owner: string, ports: object, required: PortMethods): void {
  const given = new Map<string, unknown>(Object.entries(ports));
  const names = Object.keys(required).filter((name) => Object(given.get(name)) !== given.get(name));
  const methods = Object.entries(required).flatMap(([name, all]) => {
    const port = Object(given.get(name)) as Record<string, unknown>;
    return all.filter((method) => typeof port[method] !== 'function').map((method) => `${name}.${method}`);
  });
  const [kind, missing] = names.length > 0 ? ['port', names] : ['method', methods];
  if (missing.length === 0) return;
  const quoted = missing.map((name) => `"${name}"`).join(', ');
  throw new Error(`${owner} lacks the ${kind}${missing.length > 1 ? 's' : ''} ${quoted}`);
}
