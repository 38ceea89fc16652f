/** What is asked of the figure where so many pairs were measured: 0.48 to 0.52. */
const wanted = { pairs: 5000, margin: 0.02 };

/**
 * How far from a half the figure may be. By chance alone its standard error is 1/√(6n), so that the margin is
 * three and a half of them at 5,000 pairs; with fewer it is as many of theirs, and grows with 1/√n.
 */
export function marginOf(pairs) {
  return wanted.margin * Math.sqrt(Math.max(1, wanted.pairs / pairs));
}

/**
 * The area under the ROC curve, which is Mann and Whitney's U over all n² pairs: how often one of `those`
 * takes longer than one of `these`, a tie counting half. The interval holds 95 % and is DeLong's, with each
 * pair as a cluster (Obuchowski 1997), since what is measured side by side shares the weather.
 *
 * @param {readonly number[]} these
 * @param {readonly number[]} those measured beside them, by index
 */
export function compare(these, those) {
  const longer = placementsOf(those, these);
  const shorter = placementsOf(these, those).map((share) => 1 - share);
  const auc = mean(longer);
  const pairs = these.length;
  const squares = longer.map((share, n) => (share + shorter[n] - 2 * auc) ** 2);
  const error = Math.sqrt(mean(squares) / (pairs - 1));
  return { auc, from: auc - 1.96 * error, to: auc + 1.96 * error };
}

/** Of each value, the share of the others that are smaller. */
function placementsOf(values, others) {
  const sorted = Float64Array.from(others).toSorted();
  return values.map((value) => {
    const smaller = countWhile(sorted, (other) => other < value);
    const notLarger = countWhile(sorted, (other) => other <= value);
    return (smaller + notLarger) / 2 / sorted.length;
  });
}

/** How many, from the first on, of an array in which those that do come before those that do not. */
function countWhile(sorted, does) {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (does(sorted[middle])) from = middle + 1;
    else to = middle;
  }
  return from;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
