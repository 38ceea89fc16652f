/**
 * What each package may cost: what was measured, and about a third more. A change that needs more raises its row, and
 * says why in its commit.
 *
 * - `packed`: KB of the tarball.
 * - `start`: the CPU time of a process that imports the entry point, as a multiple of a process that imports nothing. It
 *   depends on the machine far less than a time does. Other entry points of the package have the same budget.
 */
export const budgets = {
  '@sallyport/core': { packed: 500, start: 5 },
  '@sallyport/adapters-memory': { packed: 80, start: 5 },
  '@sallyport/adapters-postgres': { packed: 2200, start: 6 },
  '@sallyport/adapters-crypto': { packed: 90, start: 6 },
  '@sallyport/adapters-smtp': { packed: 25, start: 5 },
  '@sallyport/adapters-redis': { packed: 20, start: 6 },
  '@sallyport/http-api': { packed: 800, start: 6 },
  '@sallyport/adapters-http-koa': { packed: 15, start: 8 },
  '@sallyport/hardened-server': { packed: 40, start: 3 },
  '@sallyport/server': { packed: 1300, start: 16 },
};

/** KB that an installation of the core alone takes on disk, with all that it depends on. */
export const installedCore = 4600;

/** For a package that has no row. */
export const otherwise = { packed: 50, start: 3 };
