/**
 * Returns an option's value, which must be a whole number.
 *
 * @throws RangeError when it is not one, or is out of bounds
 */
export function within(
  { min, max }: { readonly min: number; readonly max: number },
  name: string,
  value: number,
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}`);
}
