/** The required precision at so many pairs: 0.48 to 0.52. */
const wanted = { pairs: 5000, margin: 0.02 };

/**
 * How far from a half the result may be. Its standard error by chance is 1/√(6n), so the margin is three and a half
 * standard errors at 5,000 pairs. With fewer pairs, it is the same multiple, and grows with 1/√n.
 */
export function marginOf(pairs) {
  return wanted.margin * Math.sqrt(Math.max(1, wanted.pairs / pairs));
}

/**
 * The area under the ROC curve, which is Mann and Whitney's U over all n² pairs: how often one of `those` takes longer
 * than one of `these`; a tie counts half. The 95 % interval is DeLong's, with each pair as a cluster (Obuchowski 1997),
 * since times that are measured next to each other are correlated.
 *
 * @param {readonly number[]} these
 * @param {readonly number[]} those measured next to them, by index
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

/** For each value, the share of the others that are smaller. */
function placementsOf(values, others) {
  const sorted = Float64Array.from(others).toSorted();
  return values.map((value) => {
    const smaller = countWhile(sorted, (other) => other < value);
    const notLarger = countWhile(sorted, (other) => other <= value);
    return (smaller + notLarger) / 2 / sorted.length;
  });
}

/** The length of the prefix whose elements satisfy `does`. No element after it does. */
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
