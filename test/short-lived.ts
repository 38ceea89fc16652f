/**
 * Options of Node for a process that ends after some seconds or minutes: it compiles the WebAssembly of the embedded
 * database once. To compile it a second time, optimised, would take such a process more time than it saves.
 */
export const shortLived = ['--liftoff-only'];
