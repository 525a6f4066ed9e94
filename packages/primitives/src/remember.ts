/**
 * `compute`, done once an object: for functions of values that never change. What it gave lives as long as the object
 * does. Shared by all callers, so nobody may write to it. A throw is not remembered.
 */
export function rememberedBy<Key extends object, Value extends NonNullable<unknown>>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
