/**
 * The server as it is in production, workers and all, with a leak of one millisecond for addresses of two
 * kinds, through which the measurement shows that it would find one. For all others, the leak costs a look
 * at the address.
 */
import { compose, readConfig, useCaseTokens, wrap } from '@sallyport/server';
import { isOf } from './people.mjs';

const leak = 1;

const { application, system, http, workers, close } = await compose(
  readConfig(process.env),
  wrap(useCaseTokens.login, (login) => leaking(login, 'email')),
  wrap(useCaseTokens.forgotPassword, (forgotPassword) => leaking(forgotPassword, 'email')),
  wrap(useCaseTokens.changeEmail, (changeEmail) => leaking(changeEmail, 'newEmail')),
);
await application.maintainKeys.execute(system);
const { port } = await http.listen(0, '127.0.0.1');
workers.start();
process.once('SIGTERM', () => void close().then(() => process.exit()));
console.error(`It listens on http://127.0.0.1:${port}, and leaks`);

/** The use case, which takes longer for some addresses, and for others is not done with its answer. */
function leaking(useCase, field) {
  return {
    execute: useCase.execute,
    async attempt(caller, given) {
      const input = typeof given === 'function' ? await given() : given;
      const email = String(input?.[field]);
      if (isOf('leaky', email)) dawdle();
      const answer = await useCase.attempt(caller, input);
      if (isOf('leakyLater', email)) setImmediate(dawdle);
      return answer;
    },
  };
}

/** A timer would not be as exact. */
function dawdle() {
  const until = performance.now() + leak;
  while (performance.now() < until);
}
