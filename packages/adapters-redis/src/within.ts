/** Parts of the time, each of which has to pass while this process runs. */
const parts = 8;

/**
 * What is answered within so many milliseconds in which this process could have read it: one that was busy, or
 * not let run, for as long finds the answer late, and whoever sent it was in time.
 */
export function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let passed = 0;
    // After a halt, an interval comes once and not for all the times that were missed.
    const timer = setInterval(() => {
      passed += 1;
      if (passed < parts) return;
      clearInterval(timer);
      reject(new Error(`No answer within ${milliseconds} ms`));
    }, milliseconds / parts);
    answer.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
