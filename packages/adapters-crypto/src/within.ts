/**
 * An option's value, which has to be a whole number.
 *
 * @throws RangeError when it is none, or lies outside of its bounds
 */
export function within(
  { min, max }: { readonly min: number; readonly max: number },
  name: string,
  value: number,
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}`);
}
