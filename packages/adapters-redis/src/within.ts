/** The number of parts of the time limit, each of which must pass while this process runs. */
const parts = 8;

/**
 * Waits for an answer for so many milliseconds in which this process was able to read it. A process that was busy or
 * paused reads an answer late although the server sent it in time.
 */
export function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let passed = 0;
    // After a pause, an interval fires once rather than for each time that was missed.
    const timer = setInterval(() => {
      passed += 1;
      if (passed < parts) return;
      clearInterval(timer);
      reject(new Error(`No answer within ${milliseconds} ms`));
    }, milliseconds / parts);
    answer.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
