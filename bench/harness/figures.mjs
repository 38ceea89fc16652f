export function median(values) {
  return percentile(values, 50);
}

/** The value below which so many percent of the values lie; NaN if there are none. */
export function percentile(values, percent) {
  const sorted = Float64Array.from(values).toSorted();
  if (sorted.length === 0) return Number.NaN;
  const at = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}
