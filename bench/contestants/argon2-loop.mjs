/**
 * Verifies passwords in a loop, two at a time, while it is told to: the ceiling of logins. It has no server; the harness
 * tells it by messages.
 */
import { hash, verify } from '@node-rs/argon2';
import { argon2Options } from './argon2-options.mjs';

const workers = 2;
const password = 'secret123';
const stored = await hash(password, argon2Options);

let running = new AbortController();
process.on('message', (message) => {
  running.abort();
  running = new AbortController();
  if (message === 'run') for (let n = 0; n < workers; n += 1) void work(running.signal);
});
for (const event of ['SIGINT', 'disconnect']) process.once(event, () => process.exit());
console.error('listens on http://nowhere,');

/** Tells the milliseconds of each verification. */
async function work(over) {
  while (!over.aborted) {
    const begun = performance.now();
    if (!(await verify(stored, password))) throw new Error('The password does not match');
    process.send(performance.now() - begun);
  }
}
