/**
 * The server as in production, including workers, with a leak of one millisecond for addresses of two kinds. The
 * measurement must find this leak. For all others, the leak costs one look at the address. With `FOREIGN_HASHES`, accounts
 * of the foreign kind get a hash from another system.
 */
import { compose, ports, readConfig, useCaseTokens, wrap } from '@sallyport/server';
import { isOf } from './people.mjs';

const leak = 1;

/** bcrypt of cost 9, whose check takes twice as long as one of ours. */
const bcryptHash = '$2y$09$rlSibIuGlKhXNI/.YDIZlOpc8s6QJQkNeFX7/nDZHLUwkSWxFDyYS';
const config = readConfig(process.env);
let store;

const { application, system, http, workers, close } = await compose(
  config,
  wrap(ports.unitOfWork, (unitOfWork) => (store = unitOfWork)),
  wrap(useCaseTokens.register, (register) => (config.foreignHashes.length > 0 ? importing(register) : register)),
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

/** The use case, which stores the foreign hash for addresses of the foreign kind. */
function importing(register) {
  return {
    execute: register.execute,
    async attempt(caller, given) {
      const user = await register.attempt(caller, given);
      if (isOf('foreign', user.email)) await store.run(({ users }) => users.rehashPassword(user.id, bcryptHash));
      return user;
    },
  };
}

/** Busy waiting, since a timer would be less precise. */
function dawdle() {
  const until = performance.now() + leak;
  while (performance.now() < until);
}
