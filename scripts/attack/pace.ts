import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `task`, which does so much of the quota at a time, until the quota is done, evenly over the time. */
export async function paced(quota: number, durationMs: number, task: () => Promise<number> | number): Promise<void> {
  const startMs = performance.now();
  for (let done = 0; done < quota; ) {
    done += await task();
    await sleep(Math.max(0, startMs + (durationMs * done) / quota - performance.now()));
  }
}
