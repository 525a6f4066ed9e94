import { assert } from '@heddle/primitives';
import type { Position } from '../results.ts';
import { PositionQueue } from './position-queue.ts';

/**
 * How long `lanes` lanes need for a chunk when a lane that is free always starts the first transaction, in the order of
 * the chunk, whose dependencies are done. In the unit of `costs`. With as many lanes as transactions it is the longest
 * chain. More lanes can take longer than fewer (Graham's anomaly): this is a plan, not a bound.
 */
export function criticalPath(
  costs: readonly number[],
  dependencies: readonly (readonly Position[])[],
  lanes: number,
): number {
  assert(Number.isInteger(lanes) && lanes > 0, 'there is at least one lane');
  const { waitingFor, dependents } = invert(costs.length, dependencies);
  const ready = new PositionQueue();
  for (const [position, count] of waitingFor.entries()) if (count === 0) ready.push(position, position);
  const running = new PositionQueue();
  let free = lanes;
  let now = 0;
  for (;;) {
    for (; free > 0; free--) {
      const next = ready.take();
      if (next === null) break;
      running.push(next.position, now + (costs[next.position] ?? 0));
    }
    if (running.first === null) return now;
    now = running.first.order;
    // All that end now end before anything starts.
    while (running.first !== null && running.first.order === now) {
      const done = running.first.position;
      running.take();
      free += 1;
      for (const position of dependents[done] ?? []) {
        const left = (waitingFor[position] ?? 0) - 1;
        waitingFor[position] = left;
        if (left === 0) ready.push(position, position);
      }
    }
  }
}

/** How many dependencies each has, and who depends on each. */
function invert(
  count: number,
  dependencies: readonly (readonly Position[])[],
): { readonly waitingFor: Int32Array; readonly dependents: readonly Position[][] } {
  const waitingFor = new Int32Array(count);
  const dependents: Position[][] = Array.from({ length: count }, () => []);
  for (const [position, before] of dependencies.entries()) {
    waitingFor[position] = before.length;
    for (const dependency of before) {
      assert(dependency < position, 'a transaction depends on earlier ones');
      dependents[dependency]?.push(position);
    }
  }
  return { waitingFor, dependents };
}
