import { setImmediate as nextTurn } from 'node:timers/promises';
import { SLICE_MS } from './limits.ts';

/** Call it between steps of long work: every SLICE_MS it lets the event loop serve others first. */
export type Slicer = () => Promise<void>;

export function createSlicer(): Slicer {
  let sliceStart = performance.now();
  return async () => {
    if (performance.now() - sliceStart < SLICE_MS) return;
    await nextTurn();
    sliceStart = performance.now();
  };
}
