import { SallyportError } from './errors.ts';
import { isPlainObject, maxJsonDepth } from './json.ts';

/** How many levels of objects and arrays an input has at most. JSON that is stored may lie as deep in it again. */
const maxInputDepth = 2 * maxJsonDepth;

/** @throws SallyportError `validation_failed` if `read` throws, as a getter of an input may */
export function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    const message = `Must be readable, with at most ${maxInputDepth} levels`;
    throw new SallyportError('validation_failed', { issues: [{ path: [], message }], cause });
  }
}

/**
 * A copy of the arrays and plain objects of an input, which its caller cannot change while the use case runs. Instances
 * of classes are kept as they are.
 *
 * @throws RangeError if it is nested too deeply, and whatever a getter or a proxy throws
 */
export function copyOf(value: unknown, levels = maxInputDepth): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) return value;
  if (levels === 0) throw new RangeError('An input is nested too deeply');
  if (isList) return Array.from(value, (inner) => copyOf(inner, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner, levels - 1)]));
}

/** The keys from the root of an input to a part of it. */
type Path = readonly (string | number)[];

/** What a schema may have to say about the parts of a value. */
interface SchemaPart {
  readonly type: string;
  readonly wrapped?: SchemaPart;
  readonly entries?: Readonly<Record<string, SchemaPart>>;
  readonly item?: SchemaPart;
  readonly value?: SchemaPart;
}

const objectTypes = new Set(['object', 'loose_object', 'strict_object', 'object_with_rest', 'record', 'variant']);

/** The parts that should be objects and are arrays, dates or others that valibot takes for objects without fields. */
export function* misplaced(schema: SchemaPart, value: unknown, path: Path = []): Iterable<Path> {
  const { type, wrapped, entries, item } = schema;
  if (wrapped) yield* misplaced(wrapped, value, path);
  if (typeof value !== 'object' || value === null) return;
  if (item && Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* misplaced(item, inner, [...path, index]);
  }
  if (!objectTypes.has(type)) return;
  if (Object.prototype.toString.call(value) !== '[object Object]') yield path;
  else {
    for (const [name, inner] of Object.entries(value)) {
      const part = entries && Object.hasOwn(entries, name) ? entries[name] : schema.value;
      if (part) yield* misplaced(part, inner, [...path, name]);
    }
  }
}
