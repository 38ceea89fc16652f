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
 * Checks that there are ports with these names.
 *
 * @throws Error that names every port that is missing
 */
export function refuseMissing(owner: string, ports: object, names: readonly string[]): void {
  const given = new Map<string, unknown>(Object.entries(ports));
  const missing = names.filter((name) => Object(given.get(name)) !== given.get(name)).map((name) => `"${name}"`);
  if (missing.length === 0) return;
  throw new Error(`${owner} lacks the port${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`);
}
