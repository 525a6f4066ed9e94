import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/** Bytes that live after two forced collections: objects and the contents of byte arrays, which lie outside of the heap. */
export async function liveBytes(): Promise<number> {
  const run = collect ?? collector();
  collect = run;
  for (let round = 0; round < 2; round++) {
    run();
    // What is finalized frees its memory in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The collector that `node --expose-gc` shows, whether or not the process was started with it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  if (typeof found !== 'function') throw new TypeError('this Node has no collector to call');
  return () => {
    Reflect.apply(found, undefined, []);
  };
}
