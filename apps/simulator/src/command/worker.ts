import { type PlanTerms, planOf } from '../plan.ts';
import { runSeed } from '../world/run-seed.ts';

/** A child process of `npm run simulate`: plays the seeds that its parent sends, one after the other. */
export function serveSeeds(terms: PlanTerms): void {
  process.on('message', (seed) => {
    if (typeof seed !== 'number') return;
    void runSeed(planOf(seed, terms), () => {}).then((report) => process.send?.(report));
  });
  // A Ctrl-C reaches the whole group; the parent lets its processes end the seeds that they play.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
}
