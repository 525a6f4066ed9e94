import type { Effect } from '@heddle/consensus';
import { realEngine } from '../engine/engine-under-test.ts';
import { createSolo, FOLLOWER, type Solo, type SoloOptions } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/** One real validator of four, without a signer's rules. The leader of view v is v mod 4. */
export function soloOf(seed: number, index: number): Solo {
  return createSolo(seed, realEngine, { ...FOLLOWER, index });
}

/** The same, with every effect that its engine asks for. */
export function watchedSolo(seed: number, options: SoloOptions): Solo & { readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  const solo = createSolo(
    seed,
    {
      ...realEngine,
      step: (state, input) => {
        const next = realEngine.step(state, input);
        effects.push(...next.effects);
        return next;
      },
    },
    options,
  );
  return { ...solo, effects };
}

/** The process dies and its journal with it; the signer's records stay. */
export function restartWithoutJournal({ node }: Solo): void {
  node.crash(null);
  node.journal = [];
  node.lastFinal = null;
  node.restart();
}

/** How often it was said. */
export function timesSaid({ said }: Solo, what: string): number {
  return said.filter((text) => text === what).length;
}

export function expectTimes(solo: Solo, what: string, least: number, most: number): void {
  const times = timesSaid(solo, what);
  expectThat(times >= least && times <= most, `${what} was said ${times} times\n${solo.world.describe()}`);
}
