import type { PlanTerms } from '../plan.ts';
import { playSeed } from '../play-seed.ts';

/** A child process of `npm run simulate`: plays the seeds that its parent sends, one after the other. */
export function serveSeeds(terms: PlanTerms): void {
  serve((seed) => playSeed(seed, terms, () => {}));
}

/** Answers each number that the parent sends. */
export function serve(answer: (request: number) => Promise<object>): void {
  process.on('message', (request) => {
    if (typeof request === 'number') void answer(request).then((answered) => process.send?.(answered));
  });
  // A Ctrl-C reaches the whole group; the parent lets its processes end what they play.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
}
