import { MCL_SCALAR_BYTES, type Mcl } from './mcl.ts';
import type { MclGroup } from './mcl-group.ts';

/** Terms that are added up together; more of them save little and take memory. */
const BATCH = 128;

/** Sums of scalar · point in one group. */
export class MclSum {
  readonly #mcl: Mcl;
  readonly #group: MclGroup;
  readonly #points: number;
  readonly #scalars: number;
  readonly #sum: number;
  readonly #part: number;

  constructor(mcl: Mcl, group: MclGroup) {
    this.#mcl = mcl;
    this.#group = group;
    this.#points = mcl.allocate(BATCH * group.memoryBytes);
    this.#scalars = mcl.allocate(BATCH * MCL_SCALAR_BYTES);
    this.#sum = mcl.allocate(group.memoryBytes);
    this.#part = mcl.allocate(group.memoryBytes);
  }

  /** Points and their scalars in turn; null when a point is not in the subgroup. */
  sum(input: Uint8Array): Uint8Array | null {
    const { functions, bytes, memoryBytes } = this.#group;
    functions.clear(this.#sum);
    const termBytes = bytes + MCL_SCALAR_BYTES;
    let batch = 0;
    for (let offset = 0; offset < input.length; offset += termBytes) {
      if (!this.#group.put(this.#points + batch * memoryBytes, input, offset, true)) return null;
      this.#mcl.putScalar(this.#scalars + batch * MCL_SCALAR_BYTES, input, offset + bytes);
      batch += 1;
      if (batch < BATCH && offset + termBytes < input.length) continue;
      functions.sum(this.#part, this.#points, this.#scalars, batch);
      functions.add(this.#sum, this.#sum, this.#part);
      batch = 0;
    }
    return this.#group.get(this.#sum);
  }
}
