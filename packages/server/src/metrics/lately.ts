/** Milliseconds for which an answer is repeated. */
const freshness = 5_000;

/** Milliseconds for which an answer is waited for. */
const patience = 2_000;

/**
 * Asks at most once in five seconds, and again only after an answer. Callers in between share the last answer. So a
 * metric costs the database one question, however often it is scraped. `undefined` stands for a question that failed or
 * took more than two seconds.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function lately<Answer>(
  ask: () => Promise<Answer>,
  now = () => performance.now(),
): () => Promise<Answer | undefined> {
  let last: Promise<Answer | undefined> | undefined;
  let askedAt = 0;
  let isPending = false;

  async function settle(): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch {
      return undefined;
    } finally {
      isPending = false;
    }
  }

  return () => {
    if (last && (isPending || now() - askedAt < freshness)) return last;
    askedAt = now();
    isPending = true;
    last = inTime(settle());
    return last;
  };
}

function inTime<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(undefined), patience);
    void answer.then(resolve).finally(() => clearTimeout(late));
  });
}
