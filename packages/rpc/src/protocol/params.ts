import { BadValueError, InvalidParamsError } from '../errors.ts';
import type { Parser } from '../parse/bad-value.ts';

/** A request's positional parameters, unchecked. */
export class Params {
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  /** How many were sent. */
  get count(): number {
    return this.#values.length;
  }

  /** Throws InvalidParamsError when it is absent, null or not what `parse` takes. */
  required<T>(index: number, parse: Parser<T>): T {
    const value = this.#values[index];
    if (value === undefined || value === null) {
      throw new InvalidParamsError(`missing value for required argument ${index}`);
    }
    return this.#parse(index, value, parse);
  }

  /** `fallback` when it is absent or null. Throws InvalidParamsError when it is not what `parse` takes. */
  optional<T>(index: number, parse: Parser<T>, fallback: T): T {
    const value = this.#values[index];
    return value === undefined || value === null ? fallback : this.#parse(index, value, parse);
  }

  #parse<T>(index: number, value: unknown, parse: Parser<T>): T {
    try {
      return parse(value);
    } catch (error) {
      if (error instanceof BadValueError) throw new InvalidParamsError(`invalid argument ${index}: ${error.message}`);
      throw error;
    }
  }
}
