import type { NodeWorld } from '../world/world.ts';

/** What goes wrong before GST. Everything is drawn from `world.dice`. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** Before any machine runs: corrupts validators, sets clocks. */
  prepare(world: NodeWorld): Promise<void>;
  /** Chaos, from the start of the machines until GST. What still is wrong at its end is healed. */
  play(world: NodeWorld): Promise<void>;
}

/** Nothing to do before the start. */
export const UNPREPARED = (): Promise<void> => Promise.resolve();
