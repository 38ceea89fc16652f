/**
 * The cycles in a graph: for each node on a cycle, a shortest cycle through it.
 *
 * @param {Iterable<{ from: string, to: string }>} arrows
 * @returns {string[][]} nodes in the order of the arrows; the first one is repeated at the end
 */
export function findCycles(arrows) {
  /** @type {Map<string, Set<string>>} */
  const targets = new Map();
  for (const { from, to } of arrows) targets.set(from, (targets.get(from) ?? new Set()).add(to));

  const cycles = new Map();
  for (const node of [...targets.keys()].toSorted()) {
    const cycle = shortestCycle(node, targets);
    if (cycle) cycles.set(inOneOrder(cycle).join('\n'), inOneOrder(cycle));
  }
  return [...cycles.values()].map((nodes) => [...nodes, nodes[0]]);
}

/** The nodes of a shortest path from a node back to itself, breadth first. */
function shortestCycle(start, targets) {
  const reached = new Set();
  const ways = [[start]];
  for (const way of ways) {
    for (const target of targets.get(way.at(-1)) ?? []) {
      if (target === start) return way;
      if (reached.has(target)) continue;
      reached.add(target);
      ways.push([...way, target]);
    }
  }
  return undefined;
}

/** The same cycle, starting with its first node in alphabetical order. */
function inOneOrder(nodes) {
  const first = nodes.indexOf(nodes.toSorted()[0]);
  return [...nodes.slice(first), ...nodes.slice(0, first)];
}
