/**
 * The server as in production, including workers, with a leak of one millisecond for addresses of two kinds. The
 * measurement must find this leak. For all others, the leak costs one look at the address.
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

/** The use case with the leak: it takes longer for some addresses, and for others it is still busy after its answer. */
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

/** Busy waiting, since a timer would be less precise. */
function dawdle() {
  const until = performance.now() + leak;
  while (performance.now() < until);
}
