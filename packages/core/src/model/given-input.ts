import { SallyportError } from './errors.ts';

/** Reads an input once its caller is known. What it holds is wrapped, so that its own `then` is never called. */
export type InputSource = () => GivenInput | Promise<GivenInput>;

interface GivenInput {
  readonly input: unknown;
}

/** The input that a caller passed. */
export function passed(input: unknown): InputSource {
  if (!isThenable(input)) return () => ({ input });
  void ignoreRejection(input);
  const issue = { path: [], message: 'Is a promise that was not awaited' };
  return () => {
    throw new SallyportError('validation_failed', { issues: [issue] });
  };
}

/** A rejection that no code handles would end the process. What is no promise, such as a query, may only run if awaited. */
async function ignoreRejection(input: PromiseLike<unknown>): Promise<void> {
  try {
    if (Object.prototype.toString.call(input) === '[object Promise]') await input;
  } catch {
    // The caller is told that the input is a promise.
  }
}

/** The input that a caller passed, or the one that a function of the caller returns. */
export const givenBy = (input: unknown): InputSource => (isFunction(input) ? returnedBy(input) : passed(input));

const isFunction = (value: unknown): value is () => unknown => typeof value === 'function';

/** The input that a function of the caller returns, or promises. */
function returnedBy(read: () => unknown): InputSource {
  return () => {
    const input = read();
    return isThenable(input) ? wrapped(input) : { input };
  };
}

const wrapped = async (input: PromiseLike<unknown>): Promise<GivenInput> => ({ input: await input });

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return 'then' in value && typeof value.then === 'function';
  } catch {
    // An input that cannot be read is refused when it is parsed.
    return false;
  }
}
