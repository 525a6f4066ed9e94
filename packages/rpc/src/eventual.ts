/** What is there at once, or comes later. Most of what is asked for is there, and a promise for it costs more than it does. */
export type Eventual<T> = T | Promise<T>;

/** Goes on with the value: at once where it is there. */
export function after<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
