import type { Clock } from './clock.ts';

/** The machine's own clocks. */
export const systemClock: Clock = {
  wallMs: (): number => Date.now(),
  monotonicMs: (): number => performance.now(),
};
